import { assert, it } from "@effect/vitest"
import { key, poisson } from "../../src/random/mod.ts"

const draws = 20_000

/** The chance of each k of a Poisson distribution, by its recursion. */
const chances = (mean: number, count: number): ReadonlyArray<number> => {
  const found = [Math.exp(-mean)]
  for (let k = 1; k < count; k++) found.push(((found[k - 1] ?? 0) * mean) / k)
  return found
}

it.each([0, 0.5, 3, 9.99, 10, 40, 400])("poisson() of mean %d has the distribution of its mean", (mean) => {
  const numbers = Array.from({ length: draws }, (_, i) => poisson(key(5, "poisson"), i, mean))
  const found = numbers.reduce((sum, x) => sum + x, 0) / draws
  const variance = numbers.reduce((sum, x) => sum + (x - found) ** 2, 0) / draws
  // five standard errors of the mean, and of the variance
  assert.closeTo(found, mean, 5 * Math.sqrt(mean / draws) + 1e-12)
  assert.closeTo(variance, mean, 5 * Math.sqrt((2 * mean * mean + mean) / draws) + 1e-12)
  const wanted = chances(mean, Math.ceil(mean + 10 * Math.sqrt(mean) + 2))
  const [below, seen] = [0, 0].map((_, which) => {
    const shares = which === 0 ? wanted : wanted.map((__, k) => numbers.filter((x) => x === k).length / draws)
    let sum = 0
    return shares.map((share) => (sum += share))
  })
  // Kolmogorov and Smirnov: beyond 1.95/√n with a chance of 1 in 1000
  const apart = Math.max(...(below ?? []).map((share, k) => Math.abs(share - (seen?.[k] ?? 0))))
  assert.isBelow(apart, 1.95 / Math.sqrt(draws))
})

it("poisson() is the same for the same key and index", () => {
  const first = [1, 2, 3].map((i) => poisson(key(1), i, 25))
  assert.deepStrictEqual(
    [3, 2, 1].map((i) => poisson(key(1), i, 25)),
    first.toReversed()
  )
})
