import { readFileSync } from "node:fs"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import {
  makeUpdate,
  type OptimizerChoice,
  optimizerOf,
  optimizers,
  type ParameterStore
} from "../../src/training/mod.ts"
import { distance, Services } from "../recordings.ts"
import { choices, setGradient, storeOf, told } from "./optimizerStore.ts"

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

layer(Layer.empty)("every optimizer", (it) => {
  it("is tried here", () => {
    const tried = new Set(choices.flatMap((choice) => Object.keys(choice)))
    assert.deepStrictEqual([...tried].toSorted(), Object.keys(optimizers).toSorted())
  })
})
