import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { chooseLoss } from "../../src/loss/mod.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { logProbabilities } from "../../src/scorer/mod.ts"
import { train } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { openStep, pairOf } from "./openStep.ts"
import { bytesOf, model, request } from "./request.ts"
import { referred } from "./tokens.ts"

/** Sums of a few float32 log-probabilities in another order. */
const ROUNDING = 1e-4

const dpo = chooseLoss("dpo", { klCoefficient: 0.1 })
const pairs = [pairOf(1, 4, 2), pairOf(2, 1, 5), pairOf(3, 3, 3), pairOf(4, 2, 6), pairOf(5, 1, 1)]

layer(Services)("withReference()", (it) => {
  it.effect("asks the model once for each group, and gives log π₀ of each response in the order of the data", () =>
    Effect.gen(function* () {
      const { objective, step, tensors } = yield* openStep(dpo)
      const asked: Array<ReadonlyArray<string>> = []
      const counted: typeof step = {
        ...step,
        answer: (examples, ...rest) => {
          asked.push(examples.map(({ promptId }) => promptId))
          return step.answer(examples, ...rest)
        }
      }
      const found = yield* referred(pairs, { step: counted, tensors, objective, microBatchSize: 2 })
      // the longest first, so that a group is of like lengths
      assert.deepStrictEqual(asked, [["pair 4", "pair 1"], ["pair 2", "pair 3"], ["pair 5"]])
      const checkpoint = yield* openCheckpoint(model)
      const wanted = yield* logProbabilities(
        checkpoint,
        pairs.flatMap(({ sequences }) => sequences),
        { batchSize: 1 }
      )
      found.forEach(({ promptId, reference }, i) => {
        assert.strictEqual(promptId, pairs[i]?.promptId)
        reference.forEach((logp, which) => assert.closeTo(logp, wanted[2 * i + which] ?? Number.NaN, ROUNDING))
      })
    }).pipe(Effect.scoped)
  )
})

layer(Services)("train() with a reference", (it) => {
  it.effect("reads it before the first step and never again: it may be gone by then", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const { into, made } = yield* request
      const reference = path.join(path.dirname(into), "reference")
      yield* fs.copy(model, reference)
      const plain = path.join(path.dirname(into), "plain")
      yield* train({ ...made, reference, into: plain })
      const onStep = () => Effect.orDie(fs.remove(reference, { recursive: true, force: true }))
      yield* train({ ...made, reference, onStep })
      assert.isFalse(yield* fs.exists(reference))
      assert.strictEqual(yield* bytesOf(into), yield* bytesOf(plain))
    })
  )

  it.effect("begins at ln 2 whether policy and reference are one folder or two copies", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const { into, made, steps } = yield* request
      const reference = path.join(path.dirname(into), "reference")
      yield* fs.copy(model, reference)
      for (const choice of [
        dpo,
        chooseLoss("dpo", { klCoefficient: 0.5, labelSmoothing: 0.1 }),
        chooseLoss("robust", { klCoefficient: 0.1 })
      ]) {
        yield* train({ ...made, objective: choice, reference, epochs: 1 })
        assert.closeTo(steps.at(-3)?.loss ?? 0, Math.LN2, 1e-5)
      }
    })
  )
})
