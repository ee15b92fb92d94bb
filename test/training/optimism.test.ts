import { assert, it as pure, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import type { Preference } from "../../schemas/mod.ts"
import { chooseLoss, type LossChoice } from "../../src/loss/mod.ts"
import { encodeAll } from "../../src/training/encoding/mod.ts"
import { checkRow } from "../../src/training/check/checkRow.ts"
import { objectiveOf } from "../../src/training/objective/mod.ts"
import { train } from "../../src/training/mod.ts"
import { Services } from "../recordings.ts"
import { garden } from "../text/tokenizers.ts"
import { preferences, request } from "./request.ts"

/** Sums of float32 log-probabilities in another order. */
const rounding = 1e-4

const exploring: Readonly<Record<string, LossChoice>> = {
  xpo: chooseLoss("xpo", { optimism: 1 }),
  selm: chooseLoss("selm", { optimism: 1, klCoefficient: 1 })
}

/** All pairs, the same one of the two responses drawn from the reference. */
const from = (fromReference: "chosen" | "rejected"): ReadonlyArray<Preference> =>
  preferences.map((each) => ({ ...each, fromReference }))

const told = (choice: LossChoice, examples: ReadonlyArray<Preference>) => {
  const objective = Result.getOrThrow(objectiveOf(choice))
  const [first] = examples.flatMap((example, row) => checkRow(objective, example, row) ?? [])
  return first?.message ?? "suitable"
}

pure("encodeAll() keeps which response the reference policy gave", () => {
  const examples = [...from("rejected").slice(0, 1), ...preferences.slice(1, 2)]
  const { encoded } = encodeAll(examples, { tokenizer: garden, maxTokens: 64, lengthPolicy: "error" })
  assert.deepStrictEqual(
    encoded.map(({ fromReference }) => fromReference),
    ["rejected", undefined]
  )
})

pure("checkRow() names the first pair that does not say which response π₀ gave, to losses that have to know", () => {
  const examples = [...from("chosen").slice(0, 2), ...preferences.slice(2)]
  for (const [name, choice] of Object.entries(exploring)) {
    assert.strictEqual(
      told(choice, examples),
      `the loss "${name}" has to know which response the reference policy gave, but row 3, example "p2", does not say: wanted "fromReference": "chosen" or "rejected" in every row, of format "records" or "promptChosenRejected"`
    )
    assert.strictEqual(told(choice, from("rejected")), "suitable")
  }
  assert.strictEqual(told(chooseLoss("vpo", {}), preferences), "suitable")
  assert.strictEqual(told(chooseLoss("dpo", {}), preferences), "suitable")
})

layer(Services)("train()", (it) => {
  for (const [name, objective] of Object.entries(exploring)) {
    for (const which of ["chosen", "rejected"] as const) {
      it.effect(`by ${name} makes ${which} responses less likely where π₀ gave them, and no others`, () =>
        Effect.gen(function* () {
          const { made, steps } = yield* request
          yield* train({ ...made, objective, examples: from(which), batchSize: 10, microBatchSize: 10, epochs: 4 })
          const [first, last] = [steps[0], steps.at(-1)]
          const other = which === "chosen" ? "rejected" : "chosen"
          const change = (side: "chosen" | "rejected") =>
            (last?.[`logps/${side}`] ?? Number.NaN) - (first?.[`logps/${side}`] ?? Number.NaN)
          assert.isBelow(change(which), 0)
          assert.isBelow(change(which), change(other))
        })
      )
    }
  }

  it.effect("by dpo and xpo together begins at ln 2 + α·log π of the reference's responses", () =>
    Effect.gen(function* () {
      const { made, steps } = yield* request
      const optimism = 0.01
      const mixture = [
        { loss: chooseLoss("dpo", { klCoefficient: 0.1 }), weight: 1 },
        { loss: chooseLoss("xpo", { optimism }), weight: 1 }
      ]
      yield* train({
        ...made,
        objective: { mixture },
        examples: from("rejected"),
        batchSize: 10,
        microBatchSize: 10,
        epochs: 1
      })
      const [first] = steps
      // policy and reference are one model: −log σ(0) = ln 2
      assert.closeTo(first?.loss ?? 0, Math.LN2 + optimism * (first?.["logps/rejected"] ?? Number.NaN), rounding)
    })
  )

  it.effect("by xpo refuses held-out pairs that do not say which response π₀ gave", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const heldOut = { examples: preferences, every: 1 }
      const error = yield* Effect.flip(
        train({ ...made, objective: chooseLoss("xpo", {}), examples: from("chosen"), heldOut })
      )
      assert.include(error.message, 'has to know which response the reference policy gave, but row 1, example "p0"')
    })
  )
})
