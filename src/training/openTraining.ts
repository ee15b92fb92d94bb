import { Effect, Result } from "effect"
import { type Checkpoint, parametersOf } from "../checkpoint/mod.ts"
import { loraLinear, loraParameters, type Parameter } from "../model/mod.ts"
import { OnnxRuntime, type Tensor } from "../runtime/mod.ts"
import { checkReference } from "./check/checkReference.ts"
import { checkTargets } from "./check/checkTargets.ts"
import type { TrainingError } from "./errors.ts"
import { loadWeights } from "./loadWeights.ts"
import type { Objective } from "./objective/mod.ts"
import type { Optimizer } from "./optimizer/mod.ts"
import { makeParameterStore } from "./ParameterStore.ts"
import { storeTensors, wholeModel } from "./step/mod.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** Which weights are trained, and which stay as they are. */
const divide = (checkpoint: Checkpoint, objective: Objective, { lora }: Pick<TrainRequest, "lora">) => {
  const { parameters } = parametersOf(checkpoint.config, objective.kind)
  if (!lora) return { parameters, trained: parameters, frozen: [] }
  const isHead = ({ name }: Parameter) => objective.kind === "reward" && name === "score.weight"
  const added = [...loraParameters(parameters, lora), ...parameters.filter(isHead)]
  return { parameters, trained: added, frozen: parameters.filter((parameter) => !isHead(parameter)) }
}

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
 * The model that is trained, its weights in place, and what its stages are built from.
 *
 * Fails    TrainingError: ReferenceConfigDiffers, WeightNotFinite, TargetUnknown, TargetsNone; CheckpointError, ModelError,
 *          TextError, RuntimeError.
 */
export const openTraining = Effect.fnUntraced(function* (options: {
  readonly checkpoint: Checkpoint
  readonly objective: Objective
  readonly optimizer: Optimizer
  readonly request: Pick<TrainRequest, "lora" | "seed" | "reference">
  readonly contextLength: number
  readonly fail: (reason: TrainingError["reason"]) => TrainingError
}) {
  const { checkpoint, request, contextLength } = options
  const { config, family } = checkpoint
  const { parameters, trained, frozen } = divide(checkpoint, options.objective, request)
  if (request.lora) yield* Effect.fromResult(Result.mapError(checkTargets(request.lora, parameters), options.fail))
  const { reference = checkpoint.folder } = request
  if (options.objective.reference && reference !== checkpoint.folder) {
    yield* Effect.catchTag(checkReference(reference, config), "ReferenceConfigDiffers", (reason) =>
      Effect.fail(options.fail(reason))
    )
  }
  const all = [...frozen, ...trained]
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
  const whole = wholeModel({ family, config, contextLength }, all)
  const { lora } = request
  const model = {
    ...whole,
    trained: new Set(trained.map(({ name }) => name)),
    ...(lora ? { linearOf: loraLinear(lora) } : {})
  }
  const frozenWeights = new Map(
    frozen.map(({ name, shape }) => [name, { shape, data: loaded.get(name) ?? new Float32Array() }])
  )
  const { device, version } = yield* OnnxRuntime
  return {
    engine: { device, version },
    store,
    model,
    trained,
    frozen,
    tensors: storeTensors(store, fixed),
    parameters,
    frozenWeights
  }
})
