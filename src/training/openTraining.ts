import { Effect } from "effect"
import type { Checkpoint } from "../checkpoint/mod.ts"
import type { Parameter } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import type { TrainingError } from "./errors.ts"
import { loadWeights } from "./loadWeights.ts"
import type { Optimizer } from "./optimizer/mod.ts"
import { makeParameterStore } from "./ParameterStore.ts"
import { storeTensors } from "./step/mod.ts"
import type { TrainedModel } from "./trainedModel.ts"
import type { TrainRequest } from "./TrainRequest.ts"

const tensorsOf = Effect.fnUntraced(function* (
  parameters: ReadonlyArray<Parameter>,
  loaded: ReadonlyMap<string, Float32Array>
) {
  const runtime = yield* OnnxRuntime
  const tensors = new Map<string, Tensor>()
  for (const { name, shape } of parameters) {
    tensors.set(name, yield* runtime.tensor(loaded.get(name) ?? new Float32Array(), shape))
  }
  return tensors
})

/**
 * The weights of a training in place, with what its stages are built from.
 *
 * Fails    TrainingError: WeightNotFinite; CheckpointError, RuntimeError.
 */
export const openTraining = Effect.fnUntraced(function* (options: {
  readonly checkpoint: Checkpoint
  readonly shape: TrainedModel
  readonly optimizer: Optimizer
  readonly request: Pick<TrainRequest, "seed">
  readonly fail: (reason: TrainingError["reason"]) => TrainingError
}) {
  const { checkpoint, request } = options
  const { frozen, trained } = options.shape
  const load = (wanted: ReadonlyArray<Parameter>) =>
    loadWeights(checkpoint, wanted, request.seed).pipe(
      Effect.catchTag("WeightNotFinite", (reason) => Effect.fail(options.fail(reason)))
    )
  const store = yield* makeParameterStore({
    parameters: trained,
    load: () => new Float32Array(),
    moments: options.optimizer.moments.length
  })
  // one weight at a time, so that no second copy of all of them exists
  for (const parameter of trained) {
    const data = (yield* load([parameter])).get(parameter.name)
    const place = store.values.get(parameter.name)?.data
    if (data && place instanceof Float32Array) place.set(data)
  }
  const loaded = yield* load(frozen)
  const fixed = yield* tensorsOf(frozen, loaded)
  const frozenWeights = new Map(
    frozen.map(({ name, shape }) => [name, { shape, data: loaded.get(name) ?? new Float32Array() }])
  )
  const { device, version } = yield* OnnxRuntime
  return {
    ...options.shape,
    engine: { device, version },
    store,
    tensors: storeTensors(store, fixed),
    frozenWeights
  }
})
