import { Effect } from "effect"
import { encodeRequest } from "./encodeRequest.ts"
import { planOf } from "./memoryOf.ts"
import { sequencesOf } from "./objective/mod.ts"
import { optimizerOf } from "./optimizer/mod.ts"
import { shapeTraining } from "./shapeTraining.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * The peak memory of a training on its own examples, and what it would compute a second time; no weight is loaded. A budget
 * that is too small is an answer, not a failure.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const planTraining = Effect.fn("planTraining")(function* (request: Omit<TrainRequest, "onStep">) {
  const given = yield* encodeRequest(request)
  const { encoded, heldOut, objective } = given
  const opened = yield* shapeTraining(request, given)
  const optimizer = optimizerOf(request.optimizer)
  const plan = planOf({ opened, objective, optimizer, request, encoded, heldOut })
  const sequences = [...encoded, ...heldOut].flatMap(sequencesOf)
  const longest = sequences.reduce((length, { ids }) => Math.max(length, ids.length), 0)
  return { plan, longest, examples: encoded.length }
})
