import { Schema } from "effect"
import type { Comparison } from "../../../../schemas/mod.ts"
import { all, leftOut, reader } from "../reading.ts"
import type { SourceOf } from "../Source.ts"

const Row = Schema.Struct({
  system: Schema.NullOr(Schema.String),
  input: Schema.NonEmptyString,
  chosen: Schema.String,
  rejected: Schema.String,
  rating: Schema.NullOr(Schema.Array(Schema.Finite))
})

const toComparison = (row: typeof Row.Type, ratings: ReadonlyArray<number>, promptId: string): Comparison => {
  const [chosenScore, rejectedScore] = [Math.max(...ratings), Math.min(...ratings)]
  return {
    promptId,
    messages: [
      ...(row.system ? [{ role: "system" as const, content: row.system }] : []),
      { role: "user", content: row.input }
    ],
    chosen: row.chosen,
    rejected: row.rejected,
    margin: chosenScore - rejectedScore,
    chosenScore,
    rejectedScore,
    dataset: "openOrca",
    source: "LLM",
    annotator: "GPT-4"
  }
}

/**
 * Pairs of Intel's Orca set, rated anew by GPT-4 and put in the order of the ratings.
 *
 * Source   Layout: argilla/distilabel-intel-orca-dpo-pairs as its loaders read it (system, input, chosen, rejected, and the
 *          ratings of both, which are in the order of the judge, not of the pair). Rule: RLHFlow, equal ratings deleted.
 * Domain   left out by rule: `unscored`, where the judge gave no two ratings (42 rows by a derived set's card).
 */
export const openOrca: SourceOf<"preferences"> = {
  title: "OpenOrca (distilabel pairs)",
  kind: "preferences",
  place: { hub: "argilla/distilabel-intel-orca-dpo-pairs", split: "train" },
  licence: { name: "Apache-2.0", from: "others" },
  citation: "Argilla, 2024, distilabel-intel-orca-dpo-pairs; prompts of Lian et al., 2023",
  paper: { prompts: 6791, pairs: 6926 },
  filters: [{ ties: {} }, { identical: {} }, { emptyTurns: {} }],
  read: reader(Row, (row, id) =>
    row.rating?.length === 2 ? all(toComparison(row, row.rating, id)) : leftOut("unscored")
  )
}
