import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { serialize } from "../../src/graph/mod.ts"
import { key, normal } from "../../src/random/mod.ts"
import { OnnxRuntime, type Tensor } from "../../src/runtime/mod.ts"
import {
  makeUpdate,
  nextOf,
  type Optimizer,
  type OptimizerChoice,
  optimizerOf,
  type ParameterStore,
  updateGraph
} from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { choices, setGradient, storeOf, told } from "./optimizerStore.ts"

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
        const before = {
          weights: store.state.weights.slice(),
          moments: store.state.moments.map((each) => each.slice())
        }
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
