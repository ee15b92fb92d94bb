import { assert, describe, it } from "@effect/vitest"
import { schedules } from "../../src/training/mod.ts"

const shares = (name: keyof typeof schedules) =>
  Array.from({ length: 5 }, (_, step) => Number(schedules[name]({ warmup: 0.2, total: 5 })(step).toFixed(6)))

describe("schedules", () => {
  it("rise in one step of five, then fall as their names say", () => {
    // after the rise: cos(π·k/4) for k = 0 … 3, halved and lifted
    assert.deepStrictEqual(shares("cosine"), [0, 1, 0.853553, 0.5, 0.146447])
    assert.deepStrictEqual(shares("linear"), [0, 1, 0.75, 0.5, 0.25])
    assert.deepStrictEqual(shares("constant"), [0, 1, 1, 1, 1])
  })

  for (const [name, schedule] of Object.entries(schedules)) {
    it(`${name} stays within [0, 1], and starts at the peak without warm-up`, () => {
      for (const total of [1, 2, 7, 100]) {
        assert.strictEqual(schedule({ warmup: 0, total })(0), 1)
        for (let step = 0; step < total; step++) {
          const share = schedule({ warmup: 0.03, total })(step)
          assert.isTrue(share >= 0 && share <= 1)
        }
      }
    })
  }
})
