import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { openCheckpoint, parametersOf } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../../src/runtime/mod.ts"
import { logProbabilities } from "../../src/scorer/mod.ts"
import {
  makeGradientNorm,
  makeParameterStore,
  makeStep,
  makeUpdate,
  type ObjectiveChoice,
  objectiveOf,
  type StepMemory,
  storeTensors,
  totalsOf,
  wholeModel,
  optimizerOf
} from "../../src/training/mod.ts"
import { distance, recordings, Services } from "../recordings.ts"

const { training } = recordings

const examplesOf = (from: number, to: number, references: ReadonlyArray<ReadonlyArray<number>>) =>
  training.pairs.slice(from, to).map((pair, i) => ({
    promptId: String(from + i),
    sequences: pair.map((ids) => ({ ids: Int32Array.from(ids), promptLength: training.promptLength })),
    reference: references[from + i] ?? []
  }))

/** The steps of fixtures/model/record.py, taken by our graphs. */
const retrace = Effect.fnUntraced(function* (
  folder: string,
  choice: ObjectiveChoice,
  microBatchSize: number,
  memory: StepMemory
) {
  const objective = yield* Effect.fromResult(objectiveOf(choice))
  const checkpoint = yield* openCheckpoint(folder)
  const { family, config } = checkpoint
  const { parameters } = parametersOf(config, objective.kind)
  const entries = yield* readCheckpointFiles(folder)
  const loaded = new Map<string, Float32Array>()
  for (const [name, entry] of entries) loaded.set(name, yield* loadFloat32(entry))
  const { learningRate, weightDecay } = training
  const optimizer = optimizerOf({ adamW: { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay } })
  const load = (name: string) => loaded.get(name) ?? new Float32Array()
  const store = yield* makeParameterStore({ parameters, load, moments: optimizer.moments.length })
  const all = examplesOf(0, training.pairs.length, []).flatMap((example) => example.sequences)
  const found = objective.firstLoss ? yield* logProbabilities(checkpoint, all, { batchSize: 4 }) : new Float64Array()
  const references = training.pairs.map((_, i) => Array.from(found.subarray(2 * i, 2 * i + 2)))
  const model = { family, config, contextLength: 64 }
  const step = yield* makeStep({ objective, model: wholeModel(model, parameters), memory })
  const tensors = storeTensors(store)
  const gradientNorm = yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  const steps: Array<{ readonly loss: number; readonly grad_norm: number }> = []
  for (const [index, [from, to]] of training.groups.entries()) {
    const batch = examplesOf(from, to, references)
    const context = { totals: totalsOf(batch), runningReward: 0 }
    store.zeroGradients()
    let loss = 0
    for (let i = 0; i < batch.length; i += microBatchSize) {
      loss += (yield* step.train(batch.slice(i, i + microBatchSize), tensors, context)).loss
    }
    const norm = yield* gradientNorm
    steps.push({ loss, grad_norm: norm })
    const gradientScale = Math.min(1, 1 / (norm + 1e-6))
    yield* update({ step: index + 1, learningRate, gradientScale })
  }
  return { steps, weights: store.weights() }
})

/** Float32 gradients summed in another order, over four steps of AdamW that divides by their root. */
const relative = 2e-3
const absolute = 2e-4

const cases = [
  ["sft", "fixtures/model/untied-scaled-sharded", { sft: {} }],
  ["dpo", "fixtures/model/untied-scaled-sharded", chooseLoss("dpo", { klCoefficient: 0.1 })],
  ["bradleyTerry", "fixtures/model/reward", chooseLoss("bradleyTerry", {})]
] as const

const ways = [
  [4, "all kept", { keepOf: () => "intermediates", headChunk: 1024, headKept: 1024 }],
  [1, "all kept", { keepOf: () => "intermediates", headChunk: 1024, headKept: 1024 }],
  [
    4,
    "every second layer computed again, logits of 3 tokens at once",
    { keepOf: (depth) => (depth % 2 ? "inputs" : "intermediates"), headChunk: 3, headKept: 3 }
  ]
] as const satisfies ReadonlyArray<readonly [number, string, StepMemory]>

layer(Services)("one training step after another", (it) => {
  for (const [name, folder, choice] of cases) {
    for (const [microBatchSize, how, memory] of ways) {
      it.effect(`${name} gives PyTorch's losses, norms and weights, ${microBatchSize} examples at a time, ${how}`, () =>
        Effect.gen(function* () {
          const { steps, weights } = yield* retrace(folder, choice, microBatchSize, memory)
          const wanted = training[name]
          steps.forEach((step, i) => {
            const other = wanted.steps[i]
            assert.closeTo(step.loss, other?.loss ?? Number.NaN, absolute + relative * step.loss)
            assert.closeTo(step.grad_norm, other?.grad_norm ?? Number.NaN, absolute + relative * step.grad_norm)
          })
          for (const [weight, values] of Object.entries(wanted.weights)) {
            const found = weights.get(weight)?.data.subarray(0, values.length) ?? []
            assert.isBelow(distance(found, values), 5e-4)
          }
        }).pipe(Effect.scoped)
      )
    }
  }
})
