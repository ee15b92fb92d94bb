import { Schema } from "effect"
import type { Comparison } from "../../../../schemas/mod.ts"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Which = Schema.Literals([0, 1])

const Row = Schema.Struct({
  prompt: Schema.NonEmptyString,
  response_0: Schema.String,
  response_1: Schema.String,
  is_response_0_safe: Schema.Boolean,
  is_response_1_safe: Schema.Boolean,
  better_response_id: Which,
  safer_response_id: Which
})

/** The response that is preferred: the safe one where only one is safe, else the more helpful one. */
const preferred = (row: typeof Row.Type): 0 | 1 =>
  row.is_response_0_safe === row.is_response_1_safe ? row.better_response_id : row.is_response_0_safe ? 0 : 1

const toComparison = (row: typeof Row.Type, promptId: string): Comparison => {
  const i = preferred(row)
  const oneIsSafe = row.is_response_0_safe !== row.is_response_1_safe
  return {
    ...userPrompt(promptId, row.prompt),
    chosen: i === 0 ? row.response_0 : row.response_1,
    rejected: i === 0 ? row.response_1 : row.response_0,
    margin: 0,
    dataset: "pkuSafeRlhf",
    source: "LLM",
    annotator: "Human",
    ...(oneIsSafe && row.safer_response_id !== i ? { contradicted: "safer_response_id" } : {})
  }
}

/**
 * PKU-SafeRLHF-30K: two responses, which is safe, which is safer and which is more helpful.
 *
 * Source   Layout: loaders of PKU-Alignment/PKU-SafeRLHF-30K; licence: its card. The paper merges both signals and does not
 *          say how; here safety decides where one response alone is safe, helpfulness where both are or none is.
 * Domain   `contradicted` names safer_response_id where it calls the unsafe response the safer one.
 */
export const pkuSafeRlhf: SourceOf<"preferences"> = {
  title: "PKU-SafeRLHF-30K",
  kind: "preferences",
  place: { hub: "PKU-Alignment/PKU-SafeRLHF-30K", split: "train" },
  licence: { name: "CC-BY-NC-4.0", from: "card" },
  citation: "Ji et al., 2024, arXiv:2307.04657",
  paper: { prompts: 6975, pairs: 26_874 },
  filters: [{ contradicted: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) => all(toComparison(row, id)))
}
