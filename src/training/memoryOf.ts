import { Result } from "effect"
import type { Parameter } from "../model/mod.ts"
import { batches, cut, rowLength } from "./batches.ts"
import { largestStrip, type MemoryExceeded, type MemoryPlan, planMemory } from "./memory/mod.ts"
import { type Encoded, type Objective, sequencesOf } from "./objective/mod.ts"
import type { Optimizer } from "./optimizer/mod.ts"
import type { StepMemory, TrunkModel } from "./step/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** What of a request decides which examples are computed together, and within how much memory. */
export type MemorySettings = Pick<
  TrainRequest,
  "from" | "reference" | "memoryBudget" | "seed" | "epochs" | "batchSize" | "microBatchSize" | "blockLength" | "order"
>

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
  readonly encoded: ReadonlyArray<Encoded>
  readonly heldOut: ReadonlyArray<Encoded>
}

/**
 * What an example takes as a row and as tokens, with the room that the collector leaves between them: peaks of
 * `npm run bench -- growth` with 10 000 rows against those with 100. Units: bytes.
 */
const bytesPerSequence = 2000
/** Its id, and the text it was. Units: bytes. */
const bytesPerToken = 12

const bytesOfExamples = (examples: ReadonlyArray<Encoded>): number =>
  examples.flatMap(sequencesOf).reduce((total, { ids }) => total + bytesPerSequence + ids.length * bytesPerToken, 0)

/** The passes of examples that are only looked at, the longest together. */
const forwardPasses = (examples: ReadonlyArray<Encoded>, { microBatchSize }: Pick<TrainRequest, "microBatchSize">) =>
  cut(
    examples.toSorted((a, b) => rowLength(b) - rowLength(a)),
    microBatchSize
  )

/**
 * The peak memory of a training run, and what its steps keep and compute a second time within its memory budget.
 *
 * Fails    MemoryExceeded.
 */
export const planOf = (planned: Planned): Result.Result<MemoryPlan, MemoryExceeded> => {
  const { opened, objective, optimizer, request, encoded, heldOut } = planned
  const microBatches = batches(encoded, request).flatMap((batch) => batch.microBatches)
  const referred = objective.reference ? [...encoded, ...heldOut] : []
  const forwards = [...forwardPasses(referred, request), ...forwardPasses(heldOut, request)]
  const { from, memoryBudget, reference = from } = request
  return planMemory({
    model: opened.model,
    trained: opened.trained,
    frozen: opened.frozen,
    ...(objective.reference && reference !== from ? { reference: opened.parameters } : {}),
    moments: optimizer.moments.length,
    copies: heldOut.length > 0 ? 1 : 0,
    kind: objective.kind,
    squares: objective.loss.readsSquares,
    strip: largestStrip(microBatches, objective),
    ...(forwards.length > 0 ? { forwardStrip: largestStrip(forwards, objective) } : {}),
    exampleBytes: bytesOfExamples([...encoded, ...heldOut]),
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
