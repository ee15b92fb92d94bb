import { Effect, Schema } from "effect"
import {
  Candidates,
  optional,
  Probability,
  Prompt,
  ResponseCount,
  Share,
  Temperature,
  TokenCount
} from "../../schemas/mod.ts"
import { Policy } from "../sampler/mod.ts"
import { drawResponses } from "./drawResponses.ts"
import { makeStage } from "./Stage.ts"

const Params = Schema.Struct({
  temperatures: Schema.Array(Temperature)
    .check(Schema.isMinLength(1))
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed([1, 0.7]))),
  perTemperature: ResponseCount.pipe(Schema.withDecodingDefaultKey(Effect.succeed(4))),
  maxNewTokens: TokenCount.pipe(Schema.withDecodingDefaultKey(Effect.succeed(2048))),
  topK: optional(TokenCount, "Only this many of the most likely tokens (tokens; all if absent)"),
  topP: optional(Probability, "Only the most likely tokens that together have this much (a share; all if absent)"),
  minP: optional(Share, "Only tokens at least this many times as likely as the most likely one (all if absent)"),
  repetitionPenalty: optional(
    Schema.Finite.check(Schema.isGreaterThan(0)),
    "What logits of tokens already there are divided by where positive, multiplied by where negative (1 if absent)"
  ),
  stop: optional(
    Schema.Array(Schema.NonEmptyString),
    "Texts that end a response, which is cut before them (only end tokens if absent)"
  ),
  logProbabilities: optional(Schema.Boolean, "Whether responses keep log π of each token, at temperature 1 (nats)")
})

/**
 * Draws responses for each prompt from the policy πₜ.
 *
 * Source   §3.3: n/2 responses at temperature 1.0 and n/2 at 0.7, at most 2048 new tokens, no top-k, no top-p.
 * Units    `maxNewTokens` in tokens; `perTemperature` in responses per temperature.
 * Fails    SamplerError, StageError (AnswerDiffers)
 */
export const sample = makeStage({
  name: "sample",
  doc: "draws responses for each prompt from the policy",
  params: Params,
  input: Prompt,
  output: Candidates,
  cost: ({ temperatures, perTemperature, maxNewTokens }) => ({
    responsesPerRow: temperatures.length * perTemperature,
    newTokensPerRow: temperatures.length * perTemperature * maxNewTokens
  }),
  work: (params, context) =>
    Effect.fnUntraced(function* (prompts: ReadonlyArray<Prompt>) {
      const policy = yield* Policy
      const rows = yield* drawResponses("sample", policy, { prompts, ...params, ...context })
      return { rows, dropped: {} }
    })
})
