import { Effect } from "effect"
import { encodeRequest } from "./encodeRequest.ts"
import { planOf } from "./memoryOf.ts"
import { optimizerOf } from "./optimizer/mod.ts"
import { shapeTraining } from "./shapeTraining.ts"
import { longestSequence, shapeOf, ShapeTable } from "./tokens/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** Keeps the shapes of examples, and nothing else of them. */
const openShapes = Effect.sync(() => {
  const kept = new ShapeTable()
  return { kept, put: (example: Parameters<typeof shapeOf>[0]) => Effect.sync(() => kept.push(shapeOf(example))) }
})

/**
 * The peak memory of a training on its own examples, and what it would compute a second time; no weight is loaded, nothing is
 * written. A budget that is too small is an answer, not a failure.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const planTraining = Effect.fn("planTraining")(function* (request: Omit<TrainRequest, "onStep">) {
  const given = yield* encodeRequest(request, () => openShapes)
  const { encoded, heldOut, objective } = given
  const rows = heldOut ? [encoded, heldOut] : [encoded]
  const opened = yield* shapeTraining(request, given, rows)
  const optimizer = optimizerOf(request.optimizer)
  const plan = planOf({ opened, objective, optimizer, request, encoded, heldOut })
  return { plan, longest: longestSequence(rows), examples: encoded.length }
})
