import { assert, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { openShape, parametersOf } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { planLongest, planTraining, train } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { bytesOf, preferences, request } from "./request.ts"

layer(Services)("memoryBudget", (it) => {
  it.effect("changes no byte of what train() writes: all layers kept, or all computed twice", () =>
    Effect.gen(function* () {
      const { into, made, path } = yield* request
      const planOf = Effect.fnUntraced(function* (memoryBudget: number) {
        return (yield* planTraining({ ...made, memoryBudget })).plan
      })
      const whole = yield* Effect.fromResult(yield* planOf(1e12))
      const least = Result.getOrThrow(Result.flip(yield* planOf(1))).predicted
      const none = yield* Effect.fromResult(yield* planOf(least))
      assert.deepStrictEqual([whole.kept, none.kept], [whole.layers, 0])
      const written: Array<string> = []
      for (const memoryBudget of [1e12, least]) {
        const folder = path.join(path.dirname(into), String(memoryBudget))
        yield* train({ ...made, memoryBudget, into: folder })
        written.push(yield* bytesOf(folder))
      }
      yield* train(made)
      const without = yield* bytesOf(into)
      assert.deepStrictEqual(
        written.map((bytes) => bytes === without),
        [true, true]
      )
    })
  )

  it.effect("stops train() just below what planTraining() says is the least, and writes nothing", () =>
    Effect.gen(function* () {
      const { fs, into, made } = yield* request
      const { plan } = yield* planTraining({ ...made, memoryBudget: 1 })
      const { predicted } = Result.getOrThrow(Result.flip(plan))
      const error = yield* Effect.flip(train({ ...made, memoryBudget: predicted - 1 }))
      assert.match(
        error.message,
        /^Cannot train from "[^"]*": a step takes 0\.\d\d GB at least, wanted at most 0\.\d\d GB/
      )
      assert.isFalse(yield* fs.exists(into))
    })
  )

  it.effect("planTraining() counts the best weights beside those of now, where examples are held out", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const planOf = Effect.fnUntraced(function* (other: Partial<typeof made>) {
        return yield* Effect.fromResult((yield* planTraining({ ...made, ...other })).plan)
      })
      const alone = yield* planOf({})
      const held = yield* planOf({ heldOut: { examples: preferences.slice(0, 2), every: 1 } })
      assert.strictEqual(held.parts.weights, 2 * alone.parts.weights)
    })
  )

  it.effect(
    "planLongest() counts the weights of a reference that is another model, where an adapter makes steps small",
    () =>
      Effect.gen(function* () {
        const { config } = yield* openShape("fixtures/garden/model")
        const bytes = parametersOf(config, "causal").parameters.reduce(
          (sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 4),
          0
        )
        const planOf = (otherReference: boolean) =>
          planLongest(config, {
            objective: chooseLoss("dpo", { klCoefficient: 0.1 }),
            optimizer: { lion: { learningRate: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0 } },
            lora: { rank: 1, alpha: 1, rankStabilized: false, targets: ["q_proj"] },
            microBatchSize: 1,
            otherReference,
            heldOut: false,
            longest: 2
          })
        const own = yield* Effect.fromResult(yield* Effect.fromResult(planOf(false)))
        const other = yield* Effect.fromResult(yield* Effect.fromResult(planOf(true)))
        assert.strictEqual(own.parts["forward passes"], 0)
        // a step of two tokens takes less than the gap below
        const gap = bytes / 2
        assert.closeTo(other.predicted - own.predicted, bytes, gap)
      })
  )
})
