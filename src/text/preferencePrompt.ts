import { Result } from "effect"
import type { Message, Preference } from "../../schemas/mod.ts"
import { key, uniform } from "../random/mod.ts"
import { ContentEmpty, RoleUnexpected, TextError, TurnsUneven } from "./errors.ts"

/** Which of two responses is better: the one shown as A, or the one shown as B. */
export type Letter = "A" | "B"

/** A question to a pairwise preference model, and the right answer. */
export interface PreferenceExample {
  readonly messages: readonly [Message]
  readonly letter: Letter
}

const contextOf = (messages: ReadonlyArray<Message>): string =>
  `\n${messages.map(({ content, role }) => `\n<turn> ${role}\n ${content}`).join("")}\n`

/**
 * The question to a pairwise preference model: which of two responses to a conversation is better.
 *
 * Source   Section 2.1; the format of the released pairwise models: a line break, each message as
 *          "\n<turn> role\n content", a line break; then both responses, and a space before the last line break.
 */
export const preferencePrompt = (
  messages: ReadonlyArray<Message>,
  responses: { readonly a: string; readonly b: string }
): string => `[CONTEXT] ${contextOf(messages)} [RESPONSE A] ${responses.a} [RESPONSE B] ${responses.b} \n`

const roles = ["user", "assistant"] as const

/** What keeps a conversation from being asked about: the first thing that is wrong with it. */
const refusal = (messages: ReadonlyArray<Message>): TextError["reason"] | undefined => {
  if (messages.length % 2 === 0) return new TurnsUneven({ found: messages.length })
  for (const [i, { content, role }] of messages.entries()) {
    const wanted = roles[i % 2] ?? "user"
    if (role !== wanted) return new RoleUnexpected({ turn: i + 1, found: role, wanted })
    if (content === "") return new ContentEmpty({ where: `message ${i + 1}` })
  }
  return undefined
}

/** An empty response teaches nothing, though it may be asked about. */
const refusalOfEmpty = ({ chosen, rejected }: Preference): TextError["reason"] | undefined => {
  if (chosen === "") return new ContentEmpty({ where: "the chosen response" })
  return rejected === "" ? new ContentEmpty({ where: "the rejected response" }) : undefined
}

/**
 * Which of two responses is better, as a conversation with a pairwise preference model.
 *
 * Source   Section 2.1; the filter of the released code: roles alternate from user to user (a system message is refused),
 *          no message is empty.
 * Fails    TextError: TurnsUneven, RoleUnexpected, ContentEmpty.
 */
export const preferenceQuestion = (
  messages: ReadonlyArray<Message>,
  responses: { readonly a: string; readonly b: string }
): Result.Result<PreferenceExample["messages"], TextError> => {
  const reason = refusal(messages)
  return reason
    ? Result.fail(new TextError({ reason }))
    : Result.succeed([{ role: "user", content: preferencePrompt(messages, responses) }])
}

/**
 * A preference as a question and its answer; a seeded coin decides which response is shown first.
 *
 * Source   Section 2.1; the filter of the released code: roles alternate from user to user (a system message is refused),
 *          nothing is empty. That both responses answer the same messages is so by the type.
 * Domain   The coin is a pure function of `seed`, the prompt's id, and `row`, which tells apart pairs of one prompt.
 * Fails    TextError: TurnsUneven, RoleUnexpected, ContentEmpty.
 */
export const preferenceExample = (
  preference: Preference,
  options: { readonly seed: number; readonly row?: number | undefined }
): Result.Result<PreferenceExample, TextError> => {
  const { chosen, messages, promptId, rejected } = preference
  const reason = refusal(messages) ?? refusalOfEmpty(preference)
  if (reason) return Result.fail(new TextError({ reason }))
  const coin = uniform(key(options.seed, "preferenceOrder", promptId, options.row ?? 0), 0)
  const [letter, responses] =
    coin < 0.5 ? (["A", { a: chosen, b: rejected }] as const) : (["B", { a: rejected, b: chosen }] as const)
  return Result.map(preferenceQuestion(messages, responses), (question) => ({ messages: question, letter }))
}
