import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { train } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { bytesOf, damagedModel, preferences, request } from "./request.ts"

layer(Services)("train()", (it) => {
  it.effect("starts DPO at ln 2 when policy and reference are the same, and reports each step", () =>
    Effect.gen(function* () {
      const { steps, made } = yield* request
      const { steps: taken } = yield* train(made)
      assert.strictEqual(taken, 6)
      assert.deepStrictEqual(
        steps.map(({ step, total_steps }) => [step, total_steps]),
        [1, 2, 3, 4, 5, 6].map((step) => [step, 6])
      )
      assert.closeTo(steps[0]?.loss ?? 0, Math.LN2, 1e-4)
      assert.isBelow(steps[5]?.loss ?? 1, Math.LN2 - 0.01)
      assert.isAbove(steps[5]?.["rewards/margins"] ?? 0, 0)
    })
  )

  it.effect("gives the same bytes twice, and others for another seed", () =>
    Effect.gen(function* () {
      const { made, path, into } = yield* request
      const to = (name: string) => path.join(path.dirname(into), name)
      yield* train({ ...made, into: to("first") })
      yield* train({ ...made, into: to("second") })
      yield* train({ ...made, into: to("other"), seed: 4 })
      const first = yield* bytesOf(to("first"))
      assert.strictEqual(yield* bytesOf(to("second")), first)
      assert.notStrictEqual(yield* bytesOf(to("other")), first)
    })
  )

  it.effect("accumulates: 1 × 4 examples give the losses of 4 × 1", () =>
    Effect.gen(function* () {
      const whole = yield* request
      const parts = yield* request
      yield* train(whole.made)
      yield* train({ ...parts.made, microBatchSize: 1 })
      whole.steps.forEach((step, i) => assert.closeTo(step.loss, parts.steps[i]?.loss ?? Number.NaN, 1e-5))
    })
  )

  it.effect("refuses weights that are no numbers, by name and place, and leaves nothing under the final name", () =>
    Effect.gen(function* () {
      const { fs, path, into, made } = yield* request
      const damaged = yield* damagedModel(path.join(path.dirname(into), "damaged"), "model.norm.weight", Number.NaN)
      const error = yield* Effect.flip(train({ ...made, from: damaged, reference: damaged }))
      assert.strictEqual(
        error.message,
        `Cannot train from "${damaged}": weight "model.norm.weight" holds NaN at element 0, wanted finite numbers`
      )
      assert.isFalse(yield* fs.exists(into))
    })
  )

  it.effect("refuses a sequence that is too long, or drops and counts it when told to", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const tight = { ...made, maxTokens: 15 }
      const error = yield* Effect.flip(train(tight))
      assert.match(
        error.message,
        /example "p\d": Cannot encode prompt and response: found \d+ tokens, wanted at most 15$/
      )
      const { dropped } = yield* train({ ...tight, lengthPolicy: "drop" })
      assert.isAbove(dropped.tooLong ?? 0, 0)
      const none = yield* Effect.flip(train({ ...made, maxTokens: 5, lengthPolicy: "drop" }))
      assert.include(none.message, "found no examples after 10 were dropped")
    })
  )

  it.effect("refuses an empty demonstration", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const examples = [{ promptId: "d1", messages: preferences[0]?.messages ?? [], response: " " }]
      const error = yield* Effect.flip(train({ ...made, objective: { sft: {} }, examples }))
      assert.include(error.message, 'example "d1": Cannot encode the response: found an empty text')
    })
  )
})
