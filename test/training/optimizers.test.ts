import { readFileSync } from "node:fs"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { serialize } from "../../src/graph/mod.ts"
import { key, normal } from "../../src/random/mod.ts"
import { OnnxRuntime, type Tensor } from "../../src/runtime/mod.ts"
import {
  makeParameterStore,
  makeUpdate,
  nextOf,
  type Optimizer,
  type OptimizerChoice,
  optimizerOf,
  optimizers,
  type ParameterStore,
  updateGraph
} from "../../src/training/mod.ts"
import { distance, Services } from "../recordings.ts"

type Arrays = Readonly<Record<string, ReadonlyArray<number>>>

/** What PyTorch made of random gradients: see fixtures/training/record_optimizers.py. */
interface Recorded {
  readonly shapes: Readonly<Record<string, ReadonlyArray<number>>>
  readonly rates: ReadonlyArray<number>
  readonly start: Arrays
  readonly gradients: ReadonlyArray<Arrays>
  readonly cases: ReadonlyArray<{
    readonly name: keyof typeof optimizers
    readonly options: Readonly<Record<string, number>>
    readonly after: ReadonlyArray<Arrays>
  }>
}

const recorded: Recorded = JSON.parse(readFileSync("fixtures/training/optimizers.json", "utf8"))

/** One of each, all their terms at work. */
const choices: ReadonlyArray<OptimizerChoice> = [
  { adamW: { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 } },
  { rmsProp: { learningRate: 0.1, alpha: 0.75, momentum: 0, epsilon: 1e-8, weightDecay: 0.1 } },
  { rmsProp: { learningRate: 0.1, alpha: 0.75, momentum: 0.5, epsilon: 1e-8, weightDecay: 0.1 } },
  { lion: { learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 0.1 } }
]

const told = (choice: OptimizerChoice) => JSON.stringify(choice)

const storeOf = (shapes: Recorded["shapes"], load: (name: string) => Float32Array, optimizer: Optimizer) =>
  makeParameterStore({
    parameters: Object.entries(shapes).map(([name, shape]) => ({ name, shape, start: "normal" as const })),
    load,
    moments: optimizer.moments.length
  })

const setGradient = (store: ParameterStore, name: string, values: ArrayLike<number>) => {
  const data = store.gradients.get(name)?.data
  if (!(data instanceof Float32Array)) throw new RangeError(`No gradient "${name}" in the store`)
  data.set(values)
}

const weightsOf = (store: ParameterStore, name: string) => Float32Array.from(store.weights().get(name)?.data ?? [])

/** One weight of 1 with a gradient of 2, in a matrix or in a bias, after one step; clipping halves the gradient to 1. */
const oneStep = Effect.fnUntraced(function* (choice: OptimizerChoice, shape: ReadonlyArray<number>) {
  const optimizer = optimizerOf(choice)
  const store = yield* storeOf({ weight: shape }, () => Float32Array.of(1), optimizer)
  setGradient(store, "weight", [2])
  const update = yield* makeUpdate(store, optimizer)
  yield* update({ step: 1, learningRate: 0.1, gradientScale: 0.5 })
  return [...weightsOf(store, "weight"), ...store.state.moments.map((moment) => moment[0] ?? Number.NaN)]
}, Effect.scoped)

/** A few roundings of float32 on numbers near 1, the bias corrections 1 / (1 − β) of a first step among them. */
const rounding = 2e-6

const byHand = [
  // m = 0.1·1, v = 0.01·1; m̂ = v̂ = 1: a step of λ, and a decay of 0.1·0.1 where there is decay
  [choices[0], { decayed: [1 - 0.01 - 0.1, 0.1, 0.01], kept: [1 - 0.1, 0.1, 0.01] }],
  // g′ = 1 + 0.1·1 or 1; v = 0.25·g′², g′/√v = 2
  [choices[1], { decayed: [1 - 0.2, 0.25 * 1.21], kept: [1 - 0.2, 0.25] }],
  [choices[2], { decayed: [1 - 0.2, 0.25 * 1.21, 2], kept: [1 - 0.2, 0.25, 2] }],
  // sign(0.5·0 + 0.5·1) = 1: a step of λ; m = 0.25·1
  [choices[3], { decayed: [1 - 0.01 - 0.1, 0.25], kept: [1 - 0.1, 0.25] }]
] as const

layer(Services)("one step by hand", (it) => {
  for (const [choice, { decayed, kept }] of byHand) {
    if (choice === undefined) continue
    it.effect(`of ${told(choice)}: a matrix is decayed, a bias is not`, () =>
      Effect.gen(function* () {
        assert.isBelow(distance(yield* oneStep(choice, [1, 1]), decayed), rounding)
        assert.isBelow(distance(yield* oneStep(choice, [1]), kept), rounding)
      })
    )
  }
})

/** Float32 against float32 in another order of operations, over five steps of at most 0.03. */
const parity = 5e-7

layer(Services)("five steps", (it) => {
  for (const { after, name, options } of recorded.cases) {
    it.effect(`of ${name} ${JSON.stringify(options)} are PyTorch's`, () =>
      Effect.gen(function* () {
        const settings = yield* Schema.decodeUnknownEffect(optimizers[name].options(1))(options)
        const choice = { [name]: settings } as unknown as OptimizerChoice // as: the table gave the settings of that name
        const optimizer = optimizerOf(choice)
        const load = (each: string) => Float32Array.from(recorded.start[each] ?? [])
        const store = yield* storeOf(recorded.shapes, load, optimizer)
        const update = yield* makeUpdate(store, optimizer)
        for (const [i, gradients] of recorded.gradients.entries()) {
          for (const [each, values] of Object.entries(gradients)) setGradient(store, each, values)
          yield* update({ step: i + 1, learningRate: recorded.rates[i] ?? Number.NaN, gradientScale: 1 })
          for (const [each, values] of Object.entries(after[i] ?? {})) {
            assert.isBelow(distance(weightsOf(store, each), values), parity, `${each} after step ${i + 1}`)
          }
        }
      }).pipe(Effect.scoped)
    )
  }
})

/** Two stretches of decayed weights, and one of others. */
const bigShapes = { matrix: [350, 400], bias: [1000] }
const counts: Readonly<Record<string, number>> = { matrix: 140_000, bias: 1000 }

/** The weights at the start (draw 0), and the gradients of each step (draws 1, 2, 3). */
const draws = [0, 1, 2, 3].map((draw) =>
  Object.fromEntries(
    Object.entries(counts).map(([name, length]) => {
      const from = key("optimizers", name, draw)
      return [name, Float32Array.from({ length }, (_, i) => normal(from, i))]
    })
  )
)
const drawn = (draw: number, name: string) => draws[draw]?.[name] ?? new Float32Array()

const bits = (array: Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64")
const bitsOf = ({ state }: ParameterStore) => [state.weights, ...state.moments].map(bits)

const prepare = Effect.fnUntraced(function* (choice: OptimizerChoice) {
  const optimizer = optimizerOf(choice)
  const store = yield* storeOf(bigShapes, (name) => drawn(0, name), optimizer)
  const update = yield* makeUpdate(store, optimizer)
  const take = Effect.fnUntraced(function* (step: number) {
    for (const name of Object.keys(bigShapes)) setGradient(store, name, drawn(step, name))
    yield* update({ step, learningRate: 0.01, gradientScale: 0.9 })
  })
  return { optimizer, store, take }
})

/** The update graph over every bucket with outputs of their own, for a step that `take` did in place. */
const apart = Effect.fnUntraced(function* (optimizer: Optimizer, store: ParameterStore, step: number) {
  const runtime = yield* OnnxRuntime
  const session = yield* runtime.session({ name: "apart", model: serialize(updateGraph(optimizer)) })
  return yield* Effect.forEach(store.buckets, ({ decays, gradient, moments, value }) =>
    Effect.gen(function* () {
      const weightDecay = decays ? optimizer.weightDecay : 0
      const numbers = optimizer.scalars({ step, learningRate: 0.01, gradientScale: 0.9, weightDecay })
      const feeds: Record<string, Tensor> = { value, gradient }
      for (const [name, number] of Object.entries({ ...numbers, gradientScale: 0.9 })) {
        feeds[name] = yield* runtime.tensor(Float32Array.of(number), [])
      }
      const fetches: Record<string, Tensor> = {}
      for (const [i, name] of ["value", ...optimizer.moments].entries()) {
        const source = i === 0 ? value : moments[i - 1]
        if (source) feeds[name] = source
        fetches[nextOf(name)] = yield* runtime.allocate("float32", value.shape)
      }
      yield* session.run(feeds, fetches)
      return Object.values(fetches).map(({ data }) => Array.from(data ?? [], Number))
    })
  )
})

layer(Services)("in place", (it) => {
  for (const choice of choices) {
    it.effect(`${told(choice)} gives the bits that it gives into other buffers`, () =>
      Effect.gen(function* () {
        const { optimizer, store, take } = yield* prepare(choice)
        yield* take(1)
        const before = { weights: store.state.weights.slice(), moments: store.state.moments.map((each) => each.slice()) }
        yield* take(2)
        const after = bitsOf(store)
        yield* store.restore(before)
        const buckets = yield* apart(optimizer, store, 2)
        const joined = after.map((_, role) => bits(Float32Array.from(buckets.flatMap((bucket) => bucket[role] ?? []))))
        assert.deepStrictEqual(joined, after)
        assert.notDeepEqual(bitsOf(store), after)
      }).pipe(Effect.scoped)
    )
  }
})

layer(Layer.empty)("two threads", (it) => {
  for (const choice of choices) {
    const run = (threads: number) =>
      Effect.gen(function* () {
        const { store, take } = yield* prepare(choice)
        for (const step of [1, 2, 3]) yield* take(step)
        return bitsOf(store)
      }).pipe(Effect.scoped, Effect.provide(OnnxRuntime.layer({ threads })))
    it.effect(`give ${told(choice)} the bits of one thread`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* run(2), yield* run(1))
      })
    )
  }
})

layer(Services)("a state that is restored", (it) => {
  for (const choice of choices) {
    it.effect(`lets ${told(choice)} go on bit for bit in another store`, () =>
      Effect.gen(function* () {
        const first = yield* prepare(choice)
        yield* first.take(1)
        const second = yield* prepare(choice)
        yield* second.store.restore(first.store.state)
        yield* first.take(2)
        yield* second.take(2)
        assert.deepStrictEqual(bitsOf(second.store), bitsOf(first.store))
      }).pipe(Effect.scoped)
    )
  }

  it.effect("is refused where it has other lengths", () =>
    Effect.gen(function* () {
      const optimizer = optimizerOf({ lion: { learningRate: 0.1, beta1: 0.9, beta2: 0.99, weightDecay: 0 } })
      const store = yield* storeOf({ weight: [2, 3] }, () => new Float32Array(6), optimizer)
      const error = yield* Effect.flip(store.restore({ weights: new Float32Array(16), moments: [] }))
      assert.strictEqual(
        error.message,
        "Cannot restore weights and moments: found arrays of 16 elements, wanted 16, 16; they are of another model or optimizer"
      )
    }).pipe(Effect.scoped)
  )
})

layer(Layer.empty)("every optimizer", (it) => {
  it("is tried here", () => {
    const tried = new Set(choices.flatMap((choice) => Object.keys(choice)))
    assert.deepStrictEqual([...tried].toSorted(), Object.keys(optimizers).toSorted())
  })
})
