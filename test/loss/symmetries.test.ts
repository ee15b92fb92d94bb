import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import type { LossName } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import type { Numbers } from "./Case.ts"
import { evaluateLoss } from "./evaluateLoss.ts"
import { choose, graphOf } from "./graphOf.ts"
import { numbersOf } from "./numbersOf.ts"

/** Some float32 roundings of 6e-8 at values up to about thirty. */
const TOLERANCE = 1e-5

const PAIRS = 4

/** The vector of a loss. */
const vector = Effect.fnUntraced(function* (name: LossName, options: unknown, numbers: Numbers) {
  const loss = choose(name, options)
  const { reads } = graphOf(loss, "float32")
  const fed = Object.fromEntries(reads.map((term) => [term, numbers[term] ?? []]))
  return (yield* evaluateLoss(loss, fed)).vector
})

/** Random terms of every pair loss. */
const random = (seed: number): Numbers =>
  numbersOf(
    ["policy", "reference", "length", "whole", "wholeLength"]
      .flatMap((name) => [`${name}.chosen`, `${name}.rejected`])
      .concat("margin", "fromReference", "chosen", "rejected"),
    PAIRS,
    seed
  )

const minus = (xs: ReadonlyArray<number> = []): ReadonlyArray<number> => xs.map((x) => -x)

/** Chosen and rejected exchanged; the margin changes its sign. */
const swapped = (numbers: Numbers): Numbers =>
  Object.fromEntries(
    Object.entries(numbers).map(([term, xs]) => {
      if (term === "margin") return [term, minus(xs)]
      const other = term.endsWith("chosen") ? term.replace("chosen", "rejected") : term.replace("rejected", "chosen")
      return [other, xs]
    })
  )

/** β·(ρ⁺ − ρ⁻) of each pair. */
const gaps = (numbers: Numbers, klCoefficient: number): ReadonlyArray<number> => {
  const at = (term: string, i: number) => numbers[term]?.[i] ?? Number.NaN
  return Array.from(
    { length: PAIRS },
    (_, i) =>
      klCoefficient *
      (at("policy.chosen", i) - at("reference.chosen", i) - at("policy.rejected", i) + at("reference.rejected", i))
  )
}

const near = (found: ReadonlyArray<number>, wanted: ReadonlyArray<number>) => {
  assert.strictEqual(found.length, PAIRS)
  found.forEach((x, i) => assert.closeTo(x, wanted[i] ?? Number.NaN, TOLERANCE))
}

/** Of a coupled loss: ranks are exchanged with the signs. */
const sorted = (xs: ReadonlyArray<number>) => xs.toSorted((a, b) => a - b)

const SEEDS = [1, 2, 3]

layer(OnnxRuntime.layer({ threads: 1 }))("a loss", (it) => {
  it.effect("dpo() equals ln 2 when the policy is the reference, whatever holds them together", () =>
    Effect.gen(function* () {
      const { "policy.chosen": chosen = [], "policy.rejected": rejected = [], ...rest } = random(1)
      const same = {
        ...rest,
        "policy.chosen": chosen,
        "policy.rejected": rejected,
        "reference.chosen": chosen,
        "reference.rejected": rejected
      }
      for (const divergence of ["reverseKl", "forwardKl", "js", { alpha: 0.5 }]) {
        near(
          yield* vector("dpo", { divergence }, same),
          Array.from({ length: PAIRS }, () => Math.LN2)
        )
      }
    })
  )

  it.effect(
    "does not change when chosen and rejected are exchanged, where labels say nothing or are exchanged too",
    () =>
      Effect.gen(function* () {
        const blind = { labelSmoothing: 0.5 }
        const rows: ReadonlyArray<readonly [LossName, unknown]> = [
          ["dpo", blind],
          ["exo", blind],
          ["lengthNormalizedDpo", blind],
          ["aot", blind],
          ["aotUnpaired", blind],
          ["cpo", blind],
          ["simpo", { ...blind, targetMargin: 0 }],
          ["revKl", {}],
          ["kl", {}],
          ["tv", {}],
          ["hellinger", {}],
          ["vpo", {}]
        ]
        for (const [name, options] of rows) {
          for (const seed of SEEDS) {
            const numbers = random(seed)
            near(sorted(yield* vector(name, options, swapped(numbers))), sorted(yield* vector(name, options, numbers)))
          }
        }
      })
  )

  it.effect("dpo() less dpo() of the exchanged pair is −z; so with Bradley-Terry and the gap of rewards", () =>
    Effect.gen(function* () {
      for (const seed of SEEDS) {
        const numbers = random(seed)
        const there = yield* vector("dpo", { klCoefficient: 0.5 }, numbers)
        const back = yield* vector("dpo", { klCoefficient: 0.5 }, swapped(numbers))
        near(
          there.map((x, i) => x - (back[i] ?? Number.NaN)),
          minus(gaps(numbers, 0.5))
        )
        const won = yield* vector("bradleyTerry", {}, numbers)
        const lost = yield* vector("bradleyTerry", {}, swapped(numbers))
        const { chosen = [], rejected = [] } = numbers
        near(
          won.map((x, i) => x - (lost[i] ?? Number.NaN)),
          rejected.map((x, i) => x - (chosen[i] ?? Number.NaN))
        )
      }
    })
  )

  it.effect("robust() of labels flipped with probability ε has the mean of dpo() of the true ones", () =>
    Effect.gen(function* () {
      for (const seed of SEEDS) {
        const numbers = random(seed)
        const kept = yield* vector("robust", { labelSmoothing: 0.3 }, numbers)
        const flipped = yield* vector("robust", { labelSmoothing: 0.3 }, swapped(numbers))
        const mean = kept.map((x, i) => 0.7 * x + 0.3 * (flipped[i] ?? Number.NaN))
        near(mean, yield* vector("dpo", {}, numbers))
      }
    })
  )

  it.effect("equals another where its own idea is switched off", () =>
    Effect.gen(function* () {
      const rows: ReadonlyArray<readonly [LossName, unknown, LossName, unknown]> = [
        ["robust", { labelSmoothing: 0 }, "dpo", {}],
        ["dpo", { divergence: { alpha: 1 } }, "dpo", {}],
        ["dpo", { divergence: { alpha: 0 } }, "dpo", { divergence: "forwardKl" }],
        ["lengthNormalizedDpo", { klCoefficient: 0.1 }, "dpo", {}],
        ["ipo", {}, "ipo", { normalize: "sum" }],
        ["simpo", { klCoefficient: 0.1, targetMargin: 0 }, "cpo", {}],
        ["raft", {}, "nll", {}]
      ]
      const ones = [1, 1, 1, 1]
      for (const [name, options, other, otherOptions] of rows) {
        const numbers = { ...random(1), "length.chosen": ones, "length.rejected": ones }
        near(yield* vector(name, options, numbers), yield* vector(other, otherOptions, numbers))
      }
    })
  )

  it.effect("aot() and aotUnpaired() of one pair are dpo(), and do not mind the order of pairs", () =>
    Effect.gen(function* () {
      const numbers = random(2)
      const first = Object.fromEntries(Object.entries(numbers).map(([term, xs]) => [term, xs.slice(0, 1)]))
      const turned = Object.fromEntries(Object.entries(numbers).map(([term, xs]) => [term, xs.toReversed()]))
      for (const name of ["aot", "aotUnpaired"] as const) {
        assert.deepStrictEqual(yield* vector(name, {}, turned), yield* vector(name, {}, numbers))
        const [alone = Number.NaN] = yield* vector(name, {}, first)
        const [dpo = Number.NaN] = yield* vector("dpo", {}, first)
        assert.closeTo(alone, dpo, TOLERANCE)
      }
    })
  )
})
