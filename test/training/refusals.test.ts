import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { Judged } from "../../schemas/mod.ts"
import { type LossName, losses } from "../../src/loss/mod.ts"
import { type Example, train, type TrainRequest } from "../../src/training/mod.ts"
import { decoded } from "../loss/graphOf.ts"
import { Services } from "../recordings.ts"
import { damagedModel, model, preferences, request } from "./request.ts"

const shown = preferences.map(({ chosen, messages, promptId }) => ({ promptId, messages, response: chosen }))
const judged: ReadonlyArray<Judged> = Array.from(shown, (each, i) => ({ ...each, desirable: i % 3 > 0 }))

const kinds: Readonly<Record<string, ReadonlyArray<Example>>> = {
  demonstration: shown,
  // what losses that explore want to know; the others do not ask
  preference: Array.from(preferences, (each) => ({ ...each, fromReference: "rejected" })),
  "judged response": judged
}

const wanted = {
  pairs: ["preference"],
  rows: ["judged response", "preference"],
  rewards: ["preference"]
} as const

const refusal = (made: TrainRequest) =>
  Effect.map(Effect.flip(train(made)), ({ message }) => message.replace(`Cannot train from "${made.from}": `, ""))

const adamW = (learningRate: number) => ({
  adamW: { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
})

layer(Services)("train() on rows", (it) => {
  for (const [name, { on }] of Object.entries(losses)) {
    it.effect(`refuses what ${name} cannot learn from, by name, and learns from the rest`, () =>
      Effect.gen(function* () {
        const { fs, into, made } = yield* request
        const one = { ...made, objective: decoded(name as LossName), epochs: 1 } // as: the keys of the table
        for (const [kind, examples] of Object.entries(kinds)) {
          const list: ReadonlyArray<string> = wanted[on]
          if (list.includes(kind)) {
            assert.strictEqual((yield* train({ ...one, examples })).steps, 3)
            yield* fs.remove(into, { recursive: true })
          } else {
            assert.strictEqual(
              yield* refusal({ ...one, examples }),
              `the loss "${name}" cannot learn from example "p0": found a ${kind}, wanted a ${list.join(" or a ")}`
            )
          }
        }
      })
    )
  }

  it.effect("refuses to imitate pairs or judged responses", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const sft = { ...made, objective: { sft: {} } }
      assert.strictEqual((yield* train({ ...sft, examples: shown })).steps, 6)
      for (const kind of ["preference", "judged response"]) {
        assert.strictEqual(
          yield* refusal({ ...sft, examples: kinds[kind] ?? [] }),
          `the loss "sft" cannot learn from example "p0": found a ${kind}, wanted a demonstration`
        )
      }
    })
  )

  it.effect("refuses batches and data of one example where a loss compares them", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const coupled = Object.entries(losses).flatMap(([name, row]) => (row.coupled ? [name] : []))
      assert.includeMembers(coupled, ["kto", "aot"])
      for (const name of coupled) {
        const objective = decoded(name as LossName) // as: the keys of the table
        for (const key of ["batchSize", "microBatchSize"] as const) {
          assert.strictEqual(
            yield* refusal({ ...made, objective, [key]: 1 }),
            `the loss "${name}" compares examples with each other, but "${key}" is 1, wanted at least 2`
          )
        }
        assert.strictEqual(
          yield* refusal({ ...made, objective, examples: preferences.slice(0, 1) }),
          `the loss "${name}" compares examples with each other: found 1, wanted at least 2`
        )
      }
    })
  )

  it.effect("refuses what changes losses on pairs where there are none", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const kto = { ...made, objective: decoded("kto") }
      assert.strictEqual(
        yield* refusal({ ...kto, weighting: "wpo" }),
        '"weighting" changes losses on pairs, which "kto" is not; leave it out'
      )
      assert.strictEqual(
        yield* refusal({ ...kto, lengthDesensitized: 0.5 }),
        '"lengthDesensitized" changes losses on pairs, which "kto" is not; leave it out'
      )
    })
  )

  it.effect("leaves out pairs of the same tokens and counts them; when none is left, says so", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const same = Array.from(preferences, (each, i) => (i < 3 ? { ...each, rejected: each.chosen } : each))
      assert.deepStrictEqual((yield* train({ ...made, examples: same })).dropped, { identical: 3 })
      assert.strictEqual(
        yield* refusal({ ...made, examples: same.slice(0, 3) }),
        "found no examples after 3 were dropped"
      )
    })
  )

  it.effect("refuses held-out examples that are none, and a loss with a reference without one", () =>
    Effect.gen(function* () {
      const { reference: _, ...made } = (yield* request).made
      assert.strictEqual(
        yield* refusal({ ...made, reference: model, heldOut: { examples: [], every: 1 } }),
        "found no held-out examples, wanted at least one"
      )
      assert.strictEqual(yield* refusal(made), "found no reference model, wanted one: this loss compares with π₀")
    })
  )
})

layer(Services)("train() on numbers that are none", (it) => {
  it.effect("names the weight of a reference, and a reference of another family", () =>
    Effect.gen(function* () {
      const { into, made, path } = yield* request
      const reference = yield* damagedModel(
        path.join(path.dirname(into), "damaged"),
        "lm_head.weight",
        Number.NEGATIVE_INFINITY
      )
      assert.strictEqual(
        yield* refusal({ ...made, reference }),
        'weight "lm_head.weight" holds -Infinity at element 0, wanted finite numbers'
      )
      assert.strictEqual(
        yield* refusal({ ...made, reference: "fixtures/model/qwen3" }),
        '"model_type" of the reference "fixtures/model/qwen3" is "qwen3", wanted "llama" as in the model that is trained, whose graphs it runs through'
      )
    })
  )

  it.effect(
    "stops at the step whose loss is none, says where it broke, keeps the last good weights, and writes no model",
    () =>
      Effect.gen(function* () {
        const { fs, into, made, path, steps } = yield* request
        const file = path.join(path.dirname(into), "state.safetensors")
        const resume = { file, every: 1, foreign: "error" } as const
        // rates 0, ½ and 1 of 1e39: nothing moves in the first step, and the second leaves no number
        const wild = { ...made, optimizer: adamW(1e39), schedule: { constant: { warmupSteps: 2 } }, resume }
        const found = yield* refusal(wild)
        assert.match(
          found,
          /^the loss of step 3 is NaN, first in the embedding on example "p\d"; lower the learning rate, or look for damaged weights in the model it started from; the weights after step 1 are in ".*state\.safetensors"$/
        )
        assert.strictEqual(steps.length, 2)
        assert.isFalse(yield* fs.exists(into))
        // what is kept is step 1: it goes on from there
        const taken: Array<number> = []
        yield* refusal({ ...wild, onResume: (step) => Effect.sync(() => void taken.push(step)) })
        assert.deepStrictEqual(taken, [1])
      })
  )

  it.effect("names a layer where the embedding still holds numbers", () =>
    Effect.gen(function* () {
      const { into, made, path } = yield* request
      // 1e30 squared is no float32
      const from = yield* damagedModel(
        path.join(path.dirname(into), "large"),
        "model.layers.1.mlp.up_proj.weight",
        1e38
      )
      const found = yield* refusal({ ...made, from, objective: { sft: {} }, examples: shown })
      assert.match(found, /^the loss of step 1 is NaN, first in layer 1 on example "p\d"; lower the learning rate/)
    })
  )

  it.effect("never writes weights that the last step broke", () =>
    Effect.gen(function* () {
      const { fs, into, made } = yield* request
      const found = yield* refusal({ ...made, optimizer: adamW(1e39), batchSize: 10, epochs: 1 })
      assert.match(found, /^weight "[a-z_.0-9]+" holds (NaN|-?Infinity) at element \d+, wanted finite numbers$/)
      assert.isFalse(yield* fs.exists(into))
    })
  )
})
