import { Result } from "effect"
import type { Demonstration, Judged, LearnedTurns, LengthPolicy, Preference } from "../../../schemas/mod.ts"
import {
  encodeConversation,
  type EncodedConversation,
  encodePreference,
  preferenceExample,
  type TextError,
  type Tokenizer
} from "../../text/mod.ts"
import { learnedCount } from "../../model/mod.ts"
import { ExampleInvalid, NothingLearned, PreferenceMissing, ResponsesIdentical } from "../errors.ts"
import { fitLength, type FittedSequence } from "./fitLength.ts"
import type { DropRule, Outcome } from "./Outcome.ts"

/** What an example is trained on. */
export type Example = Demonstration | Preference | Judged

const isDemonstration = (example: Example): example is Demonstration =>
  "response" in example && !("desirable" in example)

/** How examples become sequences. */
export interface EncodeOptions {
  readonly tokenizer: Tokenizer
  /** Units: tokens of prompt and response together. */
  readonly maxTokens: number
  readonly lengthPolicy: LengthPolicy
  /** The assistant turns of a demonstration that are learned (default all); of a preference it is the responses. */
  readonly turns?: LearnedTurns | undefined
  /** A preference whose two responses are the same is left out, or an error. */
  readonly identical?: "drop" | "error" | undefined
  /** Whether what the template prints after the last end token is left out (the default) or learned. */
  readonly afterEnd?: "leave" | "learn" | undefined
  /** Asks a pairwise preference model which response is better, in an order drawn from the seed. */
  readonly pairwise?: { readonly seed: number } | undefined
}

const responsesOf = (example: Example): ReadonlyArray<string> =>
  "response" in example ? [example.response] : [example.chosen, example.rejected]

/** A judgement of one's own samples may hold an empty answer; a demonstration never should. */
const encodeResponses = (example: Example, { afterEnd, tokenizer, turns }: EncodeOptions) =>
  Result.all(
    responsesOf(example).map((response) =>
      encodeConversation(tokenizer, example.messages, response, {
        afterEnd,
        ...(isDemonstration(example) ? { turns: turns ?? "all" } : { turns: "last", emptyResponse: "allow" })
      })
    )
  )

/** What a row that cannot be asked about is counted under. */
const refusals: Readonly<Record<string, DropRule>> = {
  TurnsUneven: "turnsUneven",
  RoleUnexpected: "roleUnexpected",
  ContentEmpty: "contentEmpty"
}

const sequencesOf = (
  example: Example,
  row: number,
  options: EncodeOptions
): Result.Result<ReadonlyArray<EncodedConversation>, TextError> =>
  options.pairwise && "chosen" in example
    ? preferenceExample(example, { seed: options.pairwise.seed, row }).pipe(
        Result.flatMap((question) => encodePreference(options.tokenizer, question)),
        Result.map((sequence) => [sequence])
      )
    : encodeResponses(example, options)

const same = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((id, i) => id === b[i])

const identical = (example: Example, [first, second]: ReadonlyArray<EncodedConversation>): boolean =>
  "chosen" in example &&
  (second ? first !== undefined && same(first.ids, second.ids) : example.chosen === example.rejected)

const drop = (rule: DropRule): Outcome => ({ _tag: "Dropped", rule })

const invalid = ({ promptId }: Example, cause: unknown): Outcome => ({
  _tag: "Invalid",
  problem: new ExampleInvalid({ promptId, cause })
})

const keep = (example: Example, sequences: ReadonlyArray<FittedSequence>, options: EncodeOptions): Outcome => {
  if (sequences.some((sequence) => learnedCount(sequence) === 0)) return invalid(example, new NothingLearned())
  if (identical(example, sequences)) {
    return options.identical === "error" ? invalid(example, new ResponsesIdentical()) : drop("identical")
  }
  const emptyResponses = responsesOf(example).filter((response) => response.trim() === "").length
  return { _tag: "Kept", sequences, emptyResponses }
}

/**
 * One example as token sequences: a demonstration as one, a preference as chosen and rejected, or as one question.
 *
 * Domain   `row` counts the examples from 0.
 */
export const encodeExample = (example: Example, row: number, options: EncodeOptions): Outcome => {
  if (options.pairwise && "response" in example) return invalid(example, new PreferenceMissing())
  const encoded = sequencesOf(example, row, options)
  if (Result.isFailure(encoded)) {
    const refused = refusals[encoded.failure.reason._tag]
    return refused ? drop(refused) : invalid(example, encoded.failure)
  }
  const fitted = fitLength(encoded.success, { ...options, bosId: options.tokenizer.bosId })
  if (Result.isFailure(fitted)) return invalid(example, fitted.failure)
  return typeof fitted.success === "string" ? drop(fitted.success) : keep(example, fitted.success, options)
}
