import type { PipelineFile } from "../file/PipelineFile.ts"
import type { Evaluation } from "./Evaluation.ts"
import type { Version } from "./Version.ts"

/** One line of the results table. */
export interface Result {
  readonly version: Version
  readonly evaluation: Evaluation
  /** The offline baseline is shown, and cannot be selected. */
  readonly role: "initial" | "baseline" | "iteration"
}

/** How a run ended. */
export interface Results {
  readonly name: string
  readonly folder: string
  readonly pipeline: PipelineFile
  readonly rows: ReadonlyArray<Result>
  readonly selected: Result
  /** π₀, the baseline and the selected policy on the test prompts, which no choice has seen; empty without such prompts. */
  readonly test: ReadonlyArray<Result>
  /** Prompts that were left out because they leave no room for a response. */
  readonly overlong: number
}

type Best = PipelineFile["select"]["best"]

const value = ({ evaluation }: Result, best: Best): number => evaluation[best] ?? Number.NEGATIVE_INFINITY

/**
 * The policy of the loop with the most of `best`; the earliest of equals.
 *
 * Source   Algorithm 2: the best of π₁ … π_{T+1} on a validation set.
 */
export const selectBest = (rows: readonly [Result, ...ReadonlyArray<Result>], best: Best): Result =>
  rows
    .filter(({ role }) => role !== "baseline")
    .reduce((chosen, row) => (value(row, best) > value(chosen, best) ? row : chosen), rows[0])
