import { Result } from "effect"
import type { Parameter } from "../model/mod.ts"
import { batches, type BatchOptions, cut, longestFirst, microBatchesOf } from "./batches.ts"
import { enclose, largestStrip, type MemoryExceeded, type MemoryPlan, planMemory } from "./memory/mod.ts"
import type { Objective } from "./objective/mod.ts"
import type { Optimizer } from "./optimizer/mod.ts"
import type { StepMemory, TrunkModel } from "./step/mod.ts"
import { rowLengths, type RowShape, type RowShapes, tableBytes } from "./tokens/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** What of a request decides which examples are computed together, and within how much memory. */
export type MemorySettings = BatchOptions & Pick<TrainRequest, "from" | "reference" | "memoryBudget">

/** What of a training its memory depends on. */
export interface Planned {
  readonly opened: {
    readonly model: TrunkModel
    readonly trained: ReadonlyArray<Parameter>
    readonly frozen: ReadonlyArray<Parameter>
    /** All weights of the model that a reference has too. */
    readonly parameters: ReadonlyArray<Parameter>
  }
  readonly objective: Objective
  readonly optimizer: Optimizer
  readonly request: MemorySettings
  readonly encoded: RowShapes
  readonly heldOut?: RowShapes | undefined
}

/**
 * What rows that are read leave to be collected, each and at most: peaks of `npm run bench -- growth` lie up to that above
 * those of few rows. Units: bytes.
 */
const uncollected = { perRow: 3000, most: 60e6 }

const bytesOfRows = (rows: number): number => rows * tableBytes + Math.min(rows * uncollected.perRow, uncollected.most)

/** The passes of a training: some rows together. */
function* passesOf({ at }: RowShapes, groups: Iterable<ArrayLike<number>>): Generator<ReadonlyArray<RowShape>> {
  for (const rows of groups) yield Array.from(rows, at)
}

/** The passes over examples that are only looked at, the longest together. */
const forwardPasses = (shapes: RowShapes, { microBatchSize }: Pick<BatchOptions, "microBatchSize">) =>
  passesOf(shapes, cut(longestFirst(rowLengths(shapes)), microBatchSize))

/**
 * The peak memory of a training run, and what its steps keep and compute a second time within its memory budget.
 *
 * Fails    MemoryExceeded.
 */
export const planOf = (planned: Planned): Result.Result<MemoryPlan, MemoryExceeded> => {
  const { opened, objective, optimizer, request, encoded, heldOut } = planned
  const held = heldOut ? [heldOut] : []
  const looked = objective.reference ? [encoded, ...held] : held
  const stepPasses = passesOf(encoded, microBatchesOf(batches(rowLengths(encoded), request)))
  const { from, memoryBudget, reference = from } = request
  const forward = looked.map((shapes) => largestStrip(forwardPasses(shapes, request), objective))
  return planMemory({
    model: opened.model,
    trained: opened.trained,
    frozen: opened.frozen,
    ...(objective.reference && reference !== from ? { reference: opened.parameters } : {}),
    moments: optimizer.moments.length,
    copies: held.length,
    kind: objective.kind,
    squares: objective.loss.readsSquares,
    strip: largestStrip(stepPasses, objective),
    ...(forward.length > 0 ? { forwardStrip: forward.reduce(enclose) } : {}),
    exampleBytes: bytesOfRows([encoded, ...held].reduce((rows, { length }) => rows + length, 0)),
    ...(memoryBudget === undefined ? {} : { budget: memoryBudget })
  })
}

/**
 * What the steps of a training run keep and what they compute a second time, within its memory budget.
 *
 * Fails    MemoryExceeded.
 */
export const memoryOf = (planned: Planned): Result.Result<StepMemory, MemoryExceeded> =>
  Result.map(planOf(planned), ({ memory }) => memory)
