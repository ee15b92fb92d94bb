import { Result } from "effect"
import type { LengthPolicy } from "../../../schemas/mod.ts"
import { type EncodedConversation, fromMask, joinIds, learnedMask, SequenceTooLong, TextError } from "../../text/mod.ts"

/** A sequence that fits, and which side of it was cut. */
export interface FittedSequence extends EncodedConversation {
  readonly cut?: "prompt" | "response"
}

/** Why an example is left out for its length. */
export type LengthRule = "tooLong" | "promptBudget" | "responseBudget"

const withMask = (sequence: EncodedConversation, ids: Int32Array, mask: Uint8Array): EncodedConversation => {
  const { learned: _, ...rest } = sequence
  return { ...rest, ids, ...fromMask(mask) }
}

const longest = (sequences: ReadonlyArray<EncodedConversation>): number =>
  Math.max(...sequences.map(({ ids }) => ids.length))

/** The end of the prompt and the response, and a start token before them if there was one. */
const cutPrompt = (sequence: EncodedConversation, budget: number, bosId: number | undefined): FittedSequence => {
  const { ids, responseStart } = sequence
  const kept = ids[0] === bosId ? 1 : 0
  const from = responseStart - budget + kept
  const mask = learnedMask(sequence)
  const cutMask = Uint8Array.of(...mask.subarray(0, kept), ...mask.subarray(from))
  const cutIds = joinIds(ids.subarray(0, kept), ids.subarray(from))
  return { ...withMask(sequence, cutIds, cutMask), responseStart: budget, cut: "prompt" }
}

const cutResponse = (sequence: EncodedConversation, maxTokens: number): FittedSequence => {
  if (sequence.ids.length <= maxTokens) return sequence
  const mask = learnedMask(sequence).slice(0, maxTokens)
  const length = mask.lastIndexOf(1) + 1
  return { ...withMask(sequence, sequence.ids.slice(0, length), mask.slice(0, length)), cut: "response" }
}

type Fitted = Result.Result<ReadonlyArray<FittedSequence> | LengthRule, TextError>

interface Limit {
  readonly maxTokens: number
  readonly bosId: number | undefined
}

/** What each policy makes of sequences of which one is too long. */
const policies: Readonly<
  Record<LengthPolicy, (sequences: ReadonlyArray<EncodedConversation>, limit: Limit) => Fitted>
> = {
  error: (sequences, { maxTokens }) =>
    Result.fail(new TextError({ reason: new SequenceTooLong({ found: longest(sequences), wanted: maxTokens }) })),
  drop: () => Result.succeed("tooLong"),
  truncatePrompt: (sequences, { bosId, maxTokens }) => {
    const budget = maxTokens - Math.max(...sequences.map(({ ids, responseStart }) => ids.length - responseStart))
    return Result.succeed(budget < 1 ? "promptBudget" : sequences.map((sequence) => cutPrompt(sequence, budget, bosId)))
  },
  truncateResponse: (sequences, { maxTokens }) =>
    Result.succeed(
      sequences.some(({ promptLength }) => promptLength >= maxTokens)
        ? "responseBudget"
        : sequences.map((sequence) => cutResponse(sequence, maxTokens))
    )
}

/**
 * The sequences of one example within a limit, by a policy; or the rule by which the example is left out.
 *
 * `truncatePrompt` keeps the end of the prompt, as much as leaves room for the longest response, the same for all; a start
 * token stays first. Refused (`promptBudget`) where the responses leave no room for one id. `truncateResponse` cuts the end
 * of each sequence by itself, its end token with it; refused (`responseBudget`) where the prompt alone fills the limit.
 *
 * Source   `truncateResponse` is what TRL 1.13's DPOTrainer does with `max_length` under `truncation_mode="keep_start"`:
 *          chosen and rejected are each cut to `max_length` ids of prompt and completion, and rows are dropped whose prompt
 *          has `max_length` ids or more.
 * Units    maxTokens in tokens of prompt and response together.
 * Fails    TextError with SequenceTooLong, under the policy `error`.
 */
export const fitLength = (
  sequences: ReadonlyArray<EncodedConversation>,
  options: Limit & { readonly lengthPolicy: LengthPolicy }
): Fitted =>
  longest(sequences) <= options.maxTokens
    ? Result.succeed(sequences)
    : policies[options.lengthPolicy](sequences, options)
