import { Result } from "effect"
import {
  encodeConversation,
  encodePair,
  encodePreference,
  encodePrompt,
  encodeQuestion,
  type TextError,
  type Tokenizer
} from "../text/mod.ts"

/** The ids of a text as it is. */
const encode = (tokenizer: Tokenizer, text: string): Result.Result<Int32Array, TextError> =>
  Result.succeed(tokenizer.encode(text))

/** What may be asked of a tokenizer on any thread: functions of the tokenizer and of plain data. */
const jobs = { encode, encodeConversation, encodePair, encodePreference, encodePrompt, encodeQuestion }
export type JobName = keyof typeof jobs

/** What a job takes beside the tokenizer. */
export type Arguments<Name extends JobName> = (typeof jobs)[Name] extends (
  tokenizer: Tokenizer,
  ...rest: infer Rest
) => unknown
  ? Rest
  : never

/** What a job gives where it does not fail. */
export type Given<Name extends JobName> =
  ReturnType<(typeof jobs)[Name]> extends Result.Result<infer Value, unknown> ? Value : never

type Job<Name extends JobName> = (
  tokenizer: Tokenizer,
  ...rest: Arguments<Name>
) => Result.Result<Given<Name>, TextError>
const byName: { readonly [Name in JobName]: Job<Name> } = jobs

/** Does a job on this thread. */
export const runJob = <Name extends JobName>(name: Name, tokenizer: Tokenizer, rest: Arguments<Name>) =>
  byName[name](tokenizer, ...rest)
