import { Effect, Schema } from "effect"
import { Candidates, ResponseCount, Temperature, TokenCount } from "../../schemas/mod.ts"
import { key } from "../random/mod.ts"
import { ReferencePolicy } from "../sampler/mod.ts"
import { drawResponses } from "./drawResponses.ts"
import { makeStage } from "./Stage.ts"

const Params = Schema.Struct({
  temperatures: Schema.Array(Temperature)
    .check(Schema.isMinLength(1))
    .pipe(Schema.withDecodingDefaultKey(Effect.succeed([1]))),
  perTemperature: ResponseCount.pipe(Schema.withDecodingDefaultKey(Effect.succeed(1))),
  maxNewTokens: TokenCount.pipe(Schema.withDecodingDefaultKey(Effect.succeed(2048)))
})

const addTo = (row: Candidates, { responses }: Candidates): Candidates => ({
  ...row,
  responses: [...row.responses, ...responses.map((response, i) => ({ ...response, sample: row.responses.length + i }))],
  drawnFrom: [
    ...(row.drawnFrom ?? row.responses.map(() => "policy" as const)),
    ...responses.map(() => "reference" as const)
  ]
})

/**
 * Adds responses of the reference policy π₀ to those of πₜ, and says which are whose.
 *
 * Source   XPO (Xie et al., 2024), Algorithm 1: for each prompt one response of πₜ and one of π₀.
 * Units    `maxNewTokens` in tokens; `perTemperature` in responses per temperature.
 * Domain   Draws have a seed of their own, so that π₀ does not repeat what πₜ said where both are one model.
 * Fails    SamplerError, StageError (AnswerDiffers)
 */
export const sampleReference = makeStage({
  name: "sampleReference",
  doc: "adds responses of the reference policy, for losses that explore (xpo, selm)",
  params: Params,
  input: Candidates,
  output: Candidates,
  gives: () => ["drawnFrom"],
  cost: ({ temperatures, perTemperature, maxNewTokens }) => ({
    responsesPerRow: temperatures.length * perTemperature,
    newTokensPerRow: temperatures.length * perTemperature * maxNewTokens
  }),
  work: (params, { iteration, seed }) =>
    Effect.fnUntraced(function* (rows: ReadonlyArray<Candidates>) {
      const reference = yield* ReferencePolicy
      const [own] = key(seed, "reference")
      const drawn = yield* drawResponses("sampleReference", reference, {
        prompts: rows.map(({ messages, promptId }) => ({ promptId, messages })),
        ...params,
        seed: own,
        iteration
      })
      return { rows: rows.flatMap((row, i) => drawn.slice(i, i + 1).map((added) => addTo(row, added))), dropped: {} }
    })
})
