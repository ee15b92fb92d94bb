import { Effect } from "effect"
import { drawWeight, parametersOf } from "../src/checkpoint/mod.ts"
import { chooseLoss } from "../src/loss/mod.ts"
import type { Sequence } from "../src/model/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import {
  headOf,
  makeGradientNorm,
  makeParameterStore,
  makeStep,
  makeUpdate,
  objectiveOf,
  optimizerOf,
  storeTensors,
  totalsOf,
  wholeModel
} from "../src/training/mod.ts"
import { median, type Row } from "./measure.ts"
import { parameterCount, shape27M } from "./shape.ts"

const pairs = 4
const tokens = 256

/** One whole DPO step, forward, backward, clipping and AdamW, on `pairs` pairs of `tokens` tokens, all of them scored. */
export const dpoStep = Effect.gen(function* () {
  const { family, parameters } = parametersOf(shape27M, "causal")
  const optimizer = optimizerOf({
    adamW: { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 }
  })
  const store = yield* makeParameterStore({
    parameters,
    load: (name) => {
      const parameter = parameters.find((each) => each.name === name)
      return parameter ? drawWeight(parameter, { seed: 0, deviation: 0.02 }) : new Float32Array()
    },
    moments: optimizer.moments.length
  })
  const objective = yield* Effect.fromResult(objectiveOf(chooseLoss("dpo", { klCoefficient: 0.1 })))
  const model = wholeModel({ family, config: shape27M, contextLength: 2 * tokens }, parameters)
  const memory = { keepOf: () => "intermediates" as const, ...headOf(shape27M) }
  const step = yield* makeStep({ objective, model, memory })
  const tensors = storeTensors(store)
  const norm = yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  const sequence = (row: number): Sequence => ({
    ids: Int32Array.from({ length: tokens }, (_, i) => Math.floor(uniform(key("bench", row), i) * shape27M.vocab_size)),
    promptLength: 1
  })
  const examples = Array.from({ length: pairs }, (_, i) => ({
    promptId: String(i),
    sequences: [sequence(2 * i), sequence(2 * i + 1)],
    reference: [0, 0]
  }))
  let count = 0
  const seconds = yield* median(
    Effect.gen(function* () {
      count += 1
      store.zeroGradients()
      yield* step.train(examples, tensors, { totals: totalsOf(examples), runningReward: 0 })
      yield* update({
        step: count,
        learningRate: optimizer.learningRate,
        gradientScale: Math.min(1, 1 / (yield* norm))
      })
    }),
    { warmUp: 2, runs: 5 }
  )
  const seen = 2 * pairs * tokens
  const row: Row = {
    shape: `${2 * pairs} x ${tokens}`,
    seconds,
    tokens: seen,
    gigaflops: (6 * parameterCount * seen) / seconds / 1e9
  }
  return [row]
}).pipe(Effect.scoped)
