import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type LossName, losses } from "../../src/loss/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import type { Numbers } from "./Case.ts"
import { cases } from "./cases.ts"
import { evaluateLoss } from "./evaluateLoss.ts"
import { choose, graphOf } from "./graphOf.ts"

const FAR = [-1000, 0, 1000]

/** Every way to take one of FAR for each name, as columns. */
const everyWay = (names: ReadonlyArray<string>): Numbers => {
  const count = FAR.length ** names.length
  return Object.fromEntries(
    names.map((name, place) => [
      name,
      Array.from({ length: count }, (_, i) => FAR[Math.floor(i / FAR.length ** place) % FAR.length] ?? 0)
    ])
  )
}

/** What moves; everything else stands, so that log-ratios are −1000, 0 or 1000. */
const moving = new Set(["policy.chosen", "policy.rejected", "whole.chosen", "margin", "policy", "chosen", "rejected"])

/** What a term that stands is in the first and in the second half of the rows. */
const standing: Readonly<Record<string, readonly [number, number]>> = {
  length: [1, 1],
  wholeLength: [1, 1],
  desirable: [0, 1],
  fromReference: [0, 1],
  reference: [0, 0],
  mismatched: [1000, -500]
}

/** Terms that are log-probabilities: with all of them 1000 lower, ratios are the same and none is above 0. */
const isLogProbability = (term: string): boolean => /^(policy|reference|whole\b|mismatched)/.test(term)

/** Every combination of extremes, twice. */
const extremesOf = (reads: ReadonlyArray<string>, shift: number): Numbers => {
  const ways = everyWay(reads.filter((term) => moving.has(term)))
  const count = Object.values(ways)[0]?.length ?? 0
  const numbers = (term: string): ReadonlyArray<number> => {
    if (term === "runningReward") return [1000]
    const [first, second] = standing[term.split(".")[0] ?? ""] ?? [0, 0]
    const way = ways[term]
    const xs = way ? [...way, ...way] : Array.from({ length: 2 * count }, (_, i) => (i < count ? first : second))
    return isLogProbability(term) ? xs.map((x) => x + shift) : xs
  }
  return Object.fromEntries(reads.map((term) => [term, numbers(term)]))
}

layer(OnnxRuntime.layer({ threads: 1 }))("at log-ratios, rewards and margins of ±1000", (it) => {
  const names = Object.keys(losses) as ReadonlyArray<LossName> // as: the keys of a literal table
  for (const name of names) {
    it.effect(`${name} and its slopes are finite, whatever its options`, () =>
      Effect.gen(function* () {
        for (const options of [{}, ...cases[name].variants]) {
          const loss = choose(name, options)
          const { reads } = graphOf(loss, "float32")
          for (const shift of [0, -1000]) {
            const found = yield* evaluateLoss(loss, extremesOf(reads, shift))
            const all = [found.vector, ...Object.values(found.slopes)].flat()
            assert.isAbove(all.length, 2)
            assert.deepStrictEqual(
              all.filter((x) => !Number.isFinite(x)),
              [],
              `${name} ${JSON.stringify(options)}`
            )
          }
        }
      })
    )
  }
})
