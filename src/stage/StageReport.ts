import { Context, Effect } from "effect"

/**
 * What a stage did with one batch; counts add up over batches.
 *
 * Domain   rowsIn + added = rowsOut + the sum of `dropped`, which counts rows by the rule that dropped them; `added` counts
 *          rows beyond one for each row that came, absent where there are none.
 */
export interface StageCount {
  readonly stage: string
  readonly iteration: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly dropped: Readonly<Record<string, number>>
  readonly added?: number
}

/** Hears what each stage did, batch by batch; nobody listens unless told. */
export const StageReport = Context.Reference<(count: StageCount) => Effect.Effect<void>>("prefloop/stage/StageReport", {
  defaultValue: () => () => Effect.void
})
