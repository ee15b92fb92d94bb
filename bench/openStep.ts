import { Effect } from "effect"
import { parametersOf } from "../src/checkpoint/mod.ts"
import { chooseLoss } from "../src/loss/mod.ts"
import { loraLinear, loraParameters, type Parameter, type Sequence } from "../src/model/mod.ts"
import { key, normal, uniform } from "../src/random/mod.ts"
import { OnnxRuntime, type Tensor } from "../src/runtime/mod.ts"
import {
  makeGradientNorm,
  makeParameterStore,
  makeStep,
  makeUpdate,
  objectiveOf,
  optimizerOf,
  type StepMemory,
  storeTensors,
  totalsOf,
  wholeModel
} from "../src/training/mod.ts"
import type { MemoryShape } from "./shapes.ts"

const elementsOf = ({ shape }: Parameter): number => shape.reduce((product, size) => product * size, 1)

/** Numbers that are drawn once and repeated: half a billion draws would take longer than the step. */
const drawn = Float32Array.from({ length: 65_521 }, (_, i) => 0.02 * normal(key("bench", "weights"), i))

/** Fills an array with what a weight of this kind could hold. */
const fill = (parameter: Parameter, data: Float32Array): Float32Array => {
  if (parameter.start === "zeros") return data
  if (parameter.start === "ones") return data.fill(1)
  for (let at = 0; at < data.length; at += drawn.length) data.set(drawn.subarray(0, data.length - at), at)
  return data
}

const sequence = (row: number, { config, tokens }: MemoryShape): Sequence => ({
  ids: Int32Array.from({ length: tokens }, (_, i) => Math.floor(uniform(key("bench", row), i) * config.vocab_size)),
  promptLength: 1
})

/** The parts of a shape's step: what is trained and what is not, the model as stages see it, and the pairs. */
export const partsOf = (shape: MemoryShape) => {
  const { config, lora, pairs, tokens } = shape
  const { family, parameters } = parametersOf(config, "causal")
  const trained = lora ? loraParameters(parameters, lora) : parameters
  const frozen = lora ? parameters : []
  const model = {
    ...wholeModel({ family, config, contextLength: 2 * tokens }, [...frozen, ...trained]),
    trained: new Set(trained.map(({ name }) => name)),
    ...(lora ? { linearOf: loraLinear(lora) } : {})
  }
  const examples = Array.from({ length: pairs }, (_, i) => ({
    promptId: String(i),
    sequences: [sequence(2 * i, shape), sequence(2 * i + 1, shape)],
    reference: [0, 0]
  }))
  const optimizer = optimizerOf({
    adamW: { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }
  })
  return { model, trained, frozen, examples, optimizer }
}

/** One whole DPO step of a shape: forward, backward, clipping and AdamW. */
export const openStep = Effect.fnUntraced(function* (shape: MemoryShape, memory: StepMemory) {
  const runtime = yield* OnnxRuntime
  const { model, trained, frozen, examples, optimizer } = partsOf(shape)
  const objective = yield* Effect.fromResult(objectiveOf(chooseLoss("dpo", { klCoefficient: 0.1 })))
  const store = yield* makeParameterStore({
    parameters: trained,
    load: () => new Float32Array(),
    moments: optimizer.moments.length
  })
  for (const parameter of trained) {
    const data = store.values.get(parameter.name)?.data
    if (data instanceof Float32Array) fill(parameter, data)
  }
  const fixed = new Map<string, Tensor>()
  for (const parameter of frozen) {
    const data = fill(parameter, new Float32Array(elementsOf(parameter)))
    fixed.set(parameter.name, yield* runtime.tensor(data, parameter.shape))
  }
  const step = yield* makeStep({ objective, model, memory })
  const tensors = storeTensors(store, fixed)
  const norm = yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  let count = 0
  const run = Effect.gen(function* () {
    count += 1
    store.zeroGradients()
    yield* step.train(examples, tensors, { totals: totalsOf(examples), runningReward: 0 })
    const gradientScale = Math.min(1, 1 / (yield* norm))
    yield* update({ step: count, learningRate: optimizer.learningRate, gradientScale })
  })
  return { run, step }
})
