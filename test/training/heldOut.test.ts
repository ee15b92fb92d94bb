import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { train, type TrainRequest } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { bytesOf, preferences, request } from "./request.ts"

const adamW = (learningRate: number) => ({
  adamW: { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
})

const [training, held] = [preferences.slice(0, 6), preferences.slice(6)]

const named = ["phase", "step", "total_steps", "epoch", "loss", "grad_norm", "learning_rate", "num_tokens", "seconds"]

const losses = (steps: ReadonlyArray<{ readonly eval_loss?: number }>) => steps.map(({ eval_loss }) => eval_loss)

layer(Services)("measuring held-out examples", (it) => {
  it.effect("says ln 2 at every second step, and at the last, where nothing is learned", () =>
    Effect.gen(function* () {
      const { made, steps } = yield* request
      const heldOut = { examples: held, every: 2 }
      // 6 pairs, 2 of them a step: 3 steps
      const still = { ...made, optimizer: adamW(0), examples: training, batchSize: 2, epochs: 1, heldOut }
      const result = yield* train(still)
      const [first, second, third] = losses(steps)
      assert.isUndefined(first)
      assert.closeTo(second ?? 0, Math.LN2, 1e-6)
      assert.strictEqual(third, second)
      assert.deepStrictEqual(result.best, { step: 2, loss: second })
      assert.hasAllKeys(steps[1], [
        ...named,
        ...["", "eval_"].flatMap((each) =>
          ["chosen", "rejected", "margins", "accuracies"].map((name) => `${each}rewards/${name}`)
        ),
        ...["", "eval_"].flatMap((each) => [`${each}logps/chosen`, `${each}logps/rejected`, `${each}entropy`]),
        "eval_loss"
      ])
    })
  )

  it.effect("stops after as many measurements without a new lowest loss as patience says", () =>
    Effect.gen(function* () {
      for (const patience of [1, 2]) {
        const { made, steps } = yield* request
        const heldOut = { examples: held, every: 1, patience }
        const result = yield* train({ ...made, optimizer: adamW(0), examples: training, batchSize: 2, heldOut })
        // the first is the lowest; each later one is no lower
        assert.deepStrictEqual([result.steps, result.best?.step, steps.length], [1 + patience, 1, 1 + patience])
      }
    })
  )

  it.effect("keeps the weights of the lowest loss, whatever came after", () =>
    Effect.gen(function* () {
      const { into, made, path, steps } = yield* request
      const wild: TrainRequest = {
        ...made,
        objective: { sft: {} },
        examples: shown(training),
        optimizer: adamW(2e-2),
        batchSize: 2
      }
      const heldOut = { examples: shown(held), every: 1 }
      const result = yield* train({ ...wild, epochs: 8, heldOut })
      const found = losses(steps).map((loss) => loss ?? Number.NaN)
      const lowest = Math.min(...found)
      assert.isBelow(lowest, found.at(-1) ?? 0) // it went up again
      assert.deepStrictEqual(result.best, { step: 1 + found.indexOf(lowest), loss: lowest })
      // the model that was written has that loss: a run from it that moves nothing measures it
      const again = yield* request
      yield* train({
        ...wild,
        from: into,
        into: path.join(path.dirname(into), "again"),
        optimizer: adamW(0),
        epochs: 1,
        heldOut,
        onStep: again.made.onStep
      })
      assert.strictEqual(again.steps[0]?.eval_loss, lowest)
    })
  )

  it.effect("changes nothing of what is trained", () =>
    Effect.gen(function* () {
      const { into, made, path } = yield* request
      const plain = path.join(path.dirname(into), "plain")
      yield* train({ ...made, examples: training, into: plain })
      // measured once, at the last step, so that the last weights are the best
      yield* train({ ...made, examples: training, heldOut: { examples: held, every: 1000 } })
      assert.strictEqual(yield* bytesOf(into), yield* bytesOf(plain))
    })
  )
})

/** The better responses as demonstrations. */
const shown = (pairs: typeof preferences) =>
  pairs.map(({ chosen, messages, promptId }) => ({ promptId, messages, response: chosen }))
