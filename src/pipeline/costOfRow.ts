import { type Cost, stages as table } from "../stage/mod.ts"
import type { CompiledStage } from "./file/compile.ts"

const costOf = ({ name, step }: CompiledStage, responses: number): Cost => {
  const stage = table[name] as unknown as { readonly cost?: (parameters: unknown, responses: number) => Cost } // as: the row of this name takes the parameters of this name
  return stage.cost?.(step[name], responses) ?? {}
}

/**
 * How many answers the last of some stages asks for about one prompt, at most: responses drawn or scored, or two questions on
 * each comparison.
 */
export const answersOfRow = (stages: ReadonlyArray<CompiledStage>): number => {
  const { responses } = costOfRow(stages.slice(0, -1))
  const { comparisonsPerRow = 0, responsesPerRow = responses } =
    stages.slice(-1).map((last) => costOf(last, responses))[0] ?? {}
  return comparisonsPerRow > 0 ? 2 * comparisonsPerRow : responsesPerRow
}

/**
 * What all stages do of one prompt, at most.
 *
 * Units    responses drawn, new tokens, comparisons by the preference oracle, those of them that are of another pair than any
 *          before, and pairs that go on.
 */
export const costOfRow = (stages: ReadonlyArray<CompiledStage>) =>
  stages.reduce(
    (sum, stage) => {
      const cost = costOf(stage, sum.responses)
      const { comparisonsPerRow = 0 } = cost
      return {
        responses: sum.responses + (cost.responsesPerRow ?? 0),
        tokens: sum.tokens + (cost.newTokensPerRow ?? 0),
        comparisons: sum.comparisons + comparisonsPerRow,
        distinct: sum.distinct + Math.min(comparisonsPerRow, (sum.responses * (sum.responses - 1)) / 2),
        pairs: sum.pairs * (cost.rowsPerRow ?? 1)
      }
    },
    { responses: 0, tokens: 0, comparisons: 0, distinct: 0, pairs: 1 }
  )
