import { Effect } from "effect"
import { rowLength } from "./batches.ts"
import { encodeRequest } from "./encodeRequest.ts"
import { planOf } from "./memoryOf.ts"
import { sequencesOf } from "./objective/mod.ts"
import { optimizerOf } from "./optimizer/mod.ts"
import { trainedModel } from "./trainedModel.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * The peak memory of a training on its own examples, and what it would compute a second time; no weight is loaded. A budget
 * that is too small is an answer, not a failure.
 *
 * Fails    TrainingError, CheckpointError, ModelError, TextError, RuntimeError.
 */
export const planTraining = Effect.fn("planTraining")(function* (request: Omit<TrainRequest, "onStep">) {
  const { checkpoint, encoded, heldOut, objective } = yield* encodeRequest(request)
  const lengths = [...encoded, ...heldOut].map(rowLength)
  const contextLength = lengths.reduce((longest, length) => Math.max(longest, length), 1)
  const { kind } = objective
  const { lora } = request
  const opened = trainedModel({ config: checkpoint.config, kind, contextLength, ...(lora ? { lora } : {}) })
  const optimizer = optimizerOf(request.optimizer)
  const plan = planOf({ opened, objective, optimizer, request, encoded, heldOut })
  const sequences = [...encoded, ...heldOut].flatMap(sequencesOf)
  const longest = sequences.reduce((length, { ids }) => Math.max(length, ids.length), 0)
  return { plan, longest, examples: encoded.length }
})
