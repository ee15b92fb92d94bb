import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type LossName, losses } from "../../src/loss/mod.ts"
import { key, normal, uniform } from "../../src/random/mod.ts"
import { type ObjectiveChoice, totalsOf } from "../../src/training/mod.ts"
import { decoded } from "../loss/graphOf.ts"
import { Services } from "../recordings.ts"
import { apart, norm, openStep, pairOf, roomy, shownOf, tight } from "./openStep.ts"
import { mismatchAll, referred } from "./tokens.ts"

/** How far weights move along one direction, as a share of their length. */
const STEP = 4e-3

/** A difference of two float32 losses over a step, and a third derivative: as a share of the gradient's length. */
const TOLERANCE = 1e-3

/** The same sums in another order. */
const ROUNDING = 1e-6

const RUNNING = 0.25

const pairs = [pairOf(1, 4, 2), pairOf(2, 1, 5), pairOf(3, 3, 3), pairOf(4, 2, 6)]

/** A reference that differs from the policy, so that no logit is zero. */
const nudge = (logp: number, i: number, place: number) => logp + 4 * (uniform(key("reference", place), i) - 0.5)

const open = Effect.fnUntraced(function* (choice: ObjectiveChoice, memory = roomy) {
  const opened = yield* openStep(choice, { memory })
  const { objective, step, tensors } = opened
  const plain = objective.on === "demonstrations" ? [shownOf(1, 4), shownOf(2, 7), shownOf(3, 2)] : pairs
  const crossed = objective.mismatched ? mismatchAll(plain, 64).examples : plain
  const own = objective.reference ? yield* referred(crossed, { step, tensors, objective, microBatchSize: 4 }) : crossed
  const examples = Array.from(own, (example, place) => ({
    ...example,
    reference: example.reference.map((logp, i) => nudge(logp, i, place)),
    ...(example.mismatched
      ? {
          mismatched: {
            ...example.mismatched,
            reference: example.mismatched.reference.map((logp, i) => nudge(logp, i, place) - 2)
          }
        }
      : {})
  }))
  return { ...opened, examples }
})

const choices: ReadonlyArray<readonly [string, ObjectiveChoice]> = [
  ["sft", { sft: {} }],
  ...Object.keys(losses).map((name) => [name, decoded(name as LossName)] as const), // as: the keys of the table
  [
    "a mixture of dpo and nll",
    {
      mixture: [
        { loss: decoded("dpo"), weight: 1 },
        { loss: decoded("nll"), weight: 0.5 }
      ]
    }
  ]
]

layer(Services)("a step", (it) => {
  for (const [name, choice] of choices) {
    it.effect(`of ${name}: its gradient is the slope of its loss along a direction of every weight`, () =>
      Effect.gen(function* () {
        const { examples, gradientsOf, step, store, tensors } = yield* open(choice)
        const context = { totals: totalsOf(examples), runningReward: RUNNING }
        const { gradients, loss } = yield* gradientsOf([examples], RUNNING)
        assert.closeTo((yield* step.evaluate(examples, tensors, context)).loss, loss, ROUNDING * Math.abs(loss))
        const whole = norm([...gradients.values()].map(norm))
        assert.isAbove(whole, 0)
        for (const [weight, { data }] of store.weights()) {
          const before = data.slice()
          const random = data.map((_, i) => normal(key(weight), i))
          const scale = norm(before) / norm(random)
          const along = random.map((x) => x * scale)
          const at = (by: number) => {
            data.set(before.map((x, i) => x + by * (along[i] ?? 0)))
            return Effect.map(step.evaluate(examples, tensors, context), (result) => result.loss)
          }
          const slope = ((yield* at(STEP)) - (yield* at(-STEP))) / (2 * STEP)
          data.set(before)
          const gradient = gradients.get(weight) ?? new Float32Array()
          const found = gradient.reduce((sum, x, i) => sum + x * (along[i] ?? 0), 0)
          assert.closeTo(found, slope, TOLERANCE * whole * norm(along), weight)
        }
      }).pipe(Effect.scoped)
    )

    it.effect(`of ${name}: computing layers again and logits three at a time changes nothing`, () =>
      Effect.gen(function* () {
        const kept = yield* open(choice)
        const again = yield* open(choice, tight)
        const wanted = yield* kept.gradientsOf([kept.examples], RUNNING)
        const found = yield* again.gradientsOf([kept.examples], RUNNING)
        assert.closeTo(found.loss, wanted.loss, ROUNDING * Math.abs(wanted.loss))
        assert.isBelow(apart(wanted.gradients, found.gradients), ROUNDING)
      }).pipe(Effect.scoped)
    )
  }
})
