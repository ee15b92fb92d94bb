import { Effect } from "effect"
import { type Checkpoint, mergeAdapter, writeAdapter, writeCheckpoint } from "../checkpoint/mod.ts"
import type { Objective } from "./objective/mod.ts"
import type { ParameterStore } from "./ParameterStore.ts"
import type { TrainRequest } from "./TrainRequest.ts"

type Weights = ReturnType<ParameterStore["weights"]>

/**
 * Writes what was trained: a model folder, or an adapter beside the model it was trained on.
 *
 * Fails    CheckpointError: NotWritten; RuntimeError.
 */
export const writeTrained = Effect.fnUntraced(function* (
  request: TrainRequest,
  trained: {
    readonly checkpoint: Checkpoint
    readonly objective: Objective
    readonly store: ParameterStore
    readonly frozenWeights: Weights
  }
) {
  const { checkpoint, objective, store, frozenWeights } = trained
  const { lora, into } = request
  const { configFile, tokenizer } = checkpoint
  const folder = { into, kind: objective.kind, configFile, files: tokenizer.files }
  if (!lora) return yield* writeCheckpoint({ ...folder, weights: store.weights() })
  if (!lora.merge) return yield* writeAdapter({ ...folder, lora, base: request.from, weights: store.weights() })
  const weights = yield* mergeAdapter({ lora, base: frozenWeights, adapter: store.weights() })
  return yield* writeCheckpoint({ ...folder, weights })
})
