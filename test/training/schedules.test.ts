import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { type ScheduleOptions, schedules } from "../../src/training/mod.ts"
import { distance } from "../recordings.ts"

type Name = keyof typeof schedules

/** Shares that transformers gave: see fixtures/training/record_schedules.py. */
const recorded: ReadonlyArray<{
  readonly name: Name
  readonly options: ScheduleOptions & { readonly total: number }
  readonly shares: ReadonlyArray<number>
}> = JSON.parse(readFileSync("fixtures/training/schedules.json", "utf8"))

const shares = (name: Name, options: ScheduleOptions = { warmup: 0.2 }) =>
  Array.from({ length: 5 }, (_, step) => Number(schedules[name]({ ...options, total: 5 })(step).toFixed(6)))

/** Both compute in float64, one in another order. */
const rounding = 1e-12

describe("schedules", () => {
  it("rise in one step of five, then fall as their names say", () => {
    // after the rise: cos(π·k/4) for k = 0 … 3, halved and lifted
    assert.deepStrictEqual(shares("cosine"), [0, 1, 0.853553, 0.5, 0.146447])
    assert.deepStrictEqual(shares("linear"), [0, 1, 0.75, 0.5, 0.25])
    assert.deepStrictEqual(shares("constant"), [0, 1, 1, 1, 1])
  })

  it("take a number of warm-up steps in place of a ratio", () => {
    assert.deepStrictEqual(shares("linear", { warmupSteps: 3 }), [0, 0.333333, 0.666667, 1, 0.5])
    assert.deepStrictEqual(shares("constant", { warmupSteps: 2 }), [0, 0.5, 1, 1, 1])
    assert.deepStrictEqual(shares("constant", { warmupSteps: 0 }), [1, 1, 1, 1, 1])
  })

  it("end the cosine at a share of the peak", () => {
    // 0.2 + 0.8·share
    assert.deepStrictEqual(shares("cosine", { warmup: 0.2, minimumRatio: 0.2 }), [0, 1, 0.882843, 0.6, 0.317157])
    assert.deepStrictEqual(shares("cosine", { minimumRatio: 1 }), [1, 1, 1, 1, 1])
  })

  for (const { name, options, shares: wanted } of recorded) {
    it(`${name} ${JSON.stringify(options)} is transformers'`, () => {
      const found = Array.from({ length: options.total }, (_, step) => schedules[name](options)(step))
      assert.isBelow(distance(found, wanted), rounding)
    })
  }

  for (const [name, schedule] of Object.entries(schedules)) {
    it(`${name} stays within [0, 1], and starts at the peak without warm-up`, () => {
      for (const total of [1, 2, 7, 100]) {
        assert.strictEqual(schedule({ warmup: 0, total })(0), 1)
        for (let step = 0; step < total; step++) {
          for (const options of [{ warmup: 0.03 }, { warmupSteps: 9 }, { warmup: 0.1, minimumRatio: 0.3 }]) {
            const share = schedule({ ...options, total })(step)
            assert.isTrue(share >= 0 && share <= 1)
          }
        }
      }
    })
  }
})
