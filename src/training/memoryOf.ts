import { type Effect, Result } from "effect"
import { batches } from "./batches.ts"
import { largestStrips, type MemoryExceeded, planMemory } from "./memory/mod.ts"
import { type Encoded, type Objective, sequencesOf } from "./objective/mod.ts"
import type { openTraining } from "./openTraining.ts"
import type { Optimizer } from "./optimizer/mod.ts"
import type { StepMemory } from "./step/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * What the steps of a training run keep and what they compute a second time, within its memory budget.
 *
 * Fails    MemoryExceeded.
 */
export const memoryOf = (options: {
  readonly opened: Pick<Effect.Success<ReturnType<typeof openTraining>>, "model" | "trained" | "frozen">
  readonly objective: Objective
  readonly optimizer: Optimizer
  readonly request: TrainRequest
  readonly encoded: ReadonlyArray<Encoded>
  readonly heldOut: ReadonlyArray<Encoded>
}): Result.Result<StepMemory, MemoryExceeded> => {
  const { opened, objective, optimizer, request, encoded, heldOut } = options
  const microBatches = batches(encoded, request).flatMap((batch) => batch.microBatches)
  const tokens = [...encoded, ...heldOut].flatMap(sequencesOf).reduce((total, { ids }) => total + ids.length, 0)
  const plan = planMemory({
    model: opened.model,
    trained: opened.trained,
    frozen: opened.frozen,
    moments: optimizer.moments.length,
    copies: heldOut.length > 0 ? 1 : 0,
    kind: objective.kind,
    squares: objective.loss.readsSquares,
    strips: largestStrips(microBatches, objective.predict),
    exampleTokens: tokens,
    ...(request.memoryBudget === undefined ? {} : { budget: request.memoryBudget })
  })
  return Result.map(plan, ({ memory }) => memory)
}
