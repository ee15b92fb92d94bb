import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { iterate, promptSlice, type Result, selectBest, winRate } from "../../src/pipeline/mod.ts"
import { nearest } from "../../src/pipeline/file/nearest.ts"

const numbers = Array.from({ length: 10 }, (_, i) => i)

it("promptSlice() gives each prompt once before any comes again", () => {
  const slices = [1, 2, 3].map((iteration) => promptSlice(10, { perIteration: 4, seed: 1, iteration }))
  const [first = [], second = [], third = []] = slices.map(({ places }) => [...places])
  assert.deepStrictEqual(
    slices.map(({ places, repeats }) => [places.length, repeats]),
    [
      [4, false],
      [4, false],
      [4, true]
    ]
  )
  assert.strictEqual(new Set([...first, ...second]).size, 8)
  assert.deepStrictEqual(third.slice(2), first.slice(0, 2))
  assert.deepStrictEqual([...first, ...second, ...third.slice(0, 2)].sort(), numbers)
})

it("promptSlice() depends on the seed alone, and holds no prompt twice", () => {
  const options = { perIteration: 20, iteration: 1 }
  const one = promptSlice(10, { ...options, seed: 1 })
  assert.deepStrictEqual(one, promptSlice(10, { ...options, seed: 1 }))
  assert.notDeepEqual(one.places, promptSlice(10, { ...options, seed: 2 }).places)
  assert.deepStrictEqual([...one.places].sort(), numbers)
})

it("winRate() counts a tie one half", () => {
  // 2 > 1 wins, 1 = 1 is a tie, 0 < 3 and 5 < 6 lose: 1.5 of 4.
  assert.strictEqual(
    winRate(
      [
        [2, 1],
        [0, 5]
      ],
      [
        [1, 1],
        [3, 6]
      ]
    ),
    0.375
  )
  assert.strictEqual(winRate([], []), 0.5)
})

it.effect("iterate() hands each policy to the step that makes the next", () =>
  Effect.gen(function* () {
    const policies = yield* iterate({ from: "π", iterations: 3 }, (policy, t) => Effect.succeed(`${policy}${t}`))
    assert.deepStrictEqual(policies, ["π", "π1", "π12", "π123"])
  })
)

const result = (role: Result["role"], proxyReward: number): Result => ({
  version: { name: `${role} ${proxyReward}`, folder: "", hash: "", seconds: 0 },
  evaluation: { proxyReward, winRate: 0.5, kl: 0, tokens: 1, responses: 1, empty: 0 },
  role
})

it("selectBest() takes the earliest of the best policies, never the baseline", () => {
  const rows = [result("initial", 1), result("baseline", 9), result("iteration", 3), result("iteration", 3)] as const
  assert.strictEqual(selectBest(rows, "proxyReward"), rows[2])
  assert.strictEqual(selectBest([rows[0], result("iteration", 0)], "proxyReward"), rows[0])
})

it("nearest() finds misspelt names and leaves strangers alone", () => {
  const known = ["batchSize", "microBatchSize", "epochs", "schedule"]
  assert.deepStrictEqual(nearest("bacthsize", known), ["batchSize"])
  assert.deepStrictEqual(nearest("zzz", known), [])
})
