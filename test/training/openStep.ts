import { Effect } from "effect"
import { openCheckpoint, parametersOf } from "../../src/checkpoint/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../../src/runtime/mod.ts"
import {
  type Encoded,
  makeParameterStore,
  makeStep,
  type ObjectiveChoice,
  objectiveOf,
  type StepMemory,
  storeTensors,
  totalsOf,
  wholeModel
} from "../../src/training/mod.ts"
import type { Modifiers } from "../../src/training/objective/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"

/** Everything is kept, and all logits exist at once. */
export const roomy: StepMemory = { keepOf: () => "intermediates", headChunk: 4096, headKept: 4096 }

/** No layer is kept, logits exist for three tokens at a time, and only the first three are kept. */
export const tight: StepMemory = { keepOf: () => "inputs", headChunk: 3, headKept: 3 }

const folders = { causal: "fixtures/model/untied-scaled-sharded", reward: "fixtures/model/reward" } as const

/** A step over a recorded tiny model whose weights lie in a store. */
export const openStep = Effect.fnUntraced(function* (
  choice: ObjectiveChoice,
  { memory = roomy, ...modifiers }: Modifiers & { readonly memory?: StepMemory } = {}
) {
  const objective = yield* Effect.fromResult(objectiveOf(choice, modifiers))
  const checkpoint = yield* openCheckpoint(folders[objective.kind], objective.kind)
  const { family, config } = checkpoint
  const { parameters } = parametersOf(config, objective.kind)
  const entries = yield* readCheckpointFiles(checkpoint.folder)
  const loaded = new Map<string, Float32Array>()
  for (const [name, entry] of entries) loaded.set(name, yield* loadFloat32(entry))
  const load = (name: string) => loaded.get(name) ?? new Float32Array()
  const store = yield* makeParameterStore({ parameters, load, moments: 0 })
  const model = wholeModel({ family, config, contextLength: 64 }, parameters)
  const step = yield* makeStep({ objective, model, memory })
  const tensors = storeTensors(store)
  /** Loss and gradients of some examples in several passes. */
  const gradientsOf = Effect.fnUntraced(function* (passes: ReadonlyArray<ReadonlyArray<Encoded>>, runningReward = 0) {
    const context = { totals: totalsOf(passes.flat()), runningReward }
    store.zeroGradients()
    const results = yield* Effect.forEach(passes, (pass) => step.train(pass, tensors, context))
    return {
      loss: results.reduce((sum, { loss }) => sum + loss, 0),
      measures: results[0]?.measures ?? {},
      gradients: new Map([...store.gradients].map(([name, { data }]) => [name, Float32Array.from(data ?? [], Number)]))
    }
  })
  return { objective, parameters, store, step, tensors, gradientsOf }
})

const idsFor = (name: string, seed: number, count: number) =>
  Array.from({ length: count }, (_, i) => 4 + Math.floor(180 * uniform(key(name, seed), i)))

/** A pair with a shared prompt of 3 ids and responses of `chosen` and `rejected` ids. */
export const pairOf = (seed: number, chosen: number, rejected: number): Encoded => {
  const prompt = idsFor("prompt", seed, 3)
  const sequence = (name: string, length: number) => ({
    ids: Int32Array.from([...prompt, ...idsFor(name, seed, length)]),
    promptLength: prompt.length
  })
  return {
    promptId: `pair ${seed}`,
    sequences: [sequence("chosen", chosen), sequence("rejected", rejected)],
    reference: [],
    margin: uniform(key("margin", seed), 0),
    ...(seed % 2 ? { fromReference: "chosen" } : {})
  }
}

/** A single response of `length` ids after a prompt of 3. */
export const shownOf = (seed: number, length: number): Encoded => {
  const { sequences, ...rest } = pairOf(seed, length, 1)
  return { ...rest, sequences: sequences.slice(0, 1) }
}

/** The length of a vector. */
export const norm = (xs: ArrayLike<number>): number => Math.hypot(...Array.from(xs))

/** How far two sets of gradients are apart, as a share of the length of the first: the worst of all weights. */
export const apart = (a: ReadonlyMap<string, ArrayLike<number>>, b: ReadonlyMap<string, ArrayLike<number>>): number => {
  const whole = norm([...a.values()].map(norm))
  const differences = [...a].map(([name, xs]) => norm(Array.from(xs, (x, i) => x - (b.get(name)?.[i] ?? Number.NaN))))
  return differences.reduce((most, difference) => Math.max(most, difference), 0) / whole
}
