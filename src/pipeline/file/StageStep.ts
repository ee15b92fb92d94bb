import { Schema } from "effect"
import { LengthPenalty, ResponseCount, Temperature, TokenCount } from "../../../schemas/mod.ts"
import { defaulted } from "./key.ts"
import { oneOf } from "./oneOf.ts"

const parameters = {
  sample: Schema.Struct({
    temperatures: defaulted(Schema.Array(Temperature).check(Schema.isMinLength(1)), [1, 0.7], "What logits are divided by, one after the other"),
    perTemperature: defaulted(ResponseCount, 4, "Responses per prompt at each temperature (responses)"),
    maxNewTokens: defaulted(TokenCount, 2048, "Longest response (tokens)")
  }),
  score: Schema.Struct({ lengthPenalty: defaulted(LengthPenalty, 0, "λ of Eq. (9) (reward per character)") }),
  pair: Schema.Struct({
    rule: defaulted(Schema.Literals(["bestWorst", "bestRandom"]), "bestWorst", "Which two responses make a pair"),
    dropIdentical: defaulted(Schema.Boolean, true, "Leave out a pair of equal texts")
  })
}

/** Columns that a stage reads, and those of the rows it gives. */
export const stageColumns = {
  sample: { needs: ["promptId", "messages"], gives: ["promptId", "messages", "responses"] },
  score: { needs: ["promptId", "messages", "responses"], gives: ["promptId", "messages", "responses", "rewards"] },
  pair: { needs: ["promptId", "messages", "responses", "rewards"], gives: ["promptId", "messages", "chosen", "rejected", "margin"] }
} as const

/** One stage of a pipeline: its name, and its parameters. */
export const StageStep = oneOf(parameters)
export type StageStep = typeof StageStep.Type
