import { assert, describe, it } from "@effect/vitest"
import { placeOf, type Slot } from "../../src/sampler/decoder/Slot.ts"
import { longestRow, planCache } from "../../src/sampler/decoder/planCache.ts"
import { begin } from "../../src/sampler/decoder/Row.ts"
import { stepRows } from "../../src/sampler/decoder/makeSteps.ts"
import { key } from "../../src/random/mod.ts"

const busy = begin(
  { prompt: Int32Array.of(1), temperature: 1, maxNewTokens: 1, key: key(0) },
  { token: () => true, failed: () => {} }
)

const slotsOf = (...held: ReadonlyArray<readonly [read: ReadonlyArray<number>, state: "free" | "busy"]>) =>
  held.map(([read, state], index): Slot => ({
    index,
    row: state === "busy" ? busy : undefined,
    read: Int32Array.from(read)
  }))

const place = (slots: ReadonlyArray<Slot>, ...prompt: ReadonlyArray<number>) => {
  const found = placeOf(slots, Int32Array.from(prompt))
  return found && [found.source.index, found.target.index, found.shared]
}

const long = [1, 2, 3, 4, 5, 6, 7, 8, 9]

describe("placeOf()", () => {
  it("gives nothing where no slot is free", () => {
    assert.strictEqual(place(slotsOf([[1, 2], "busy"]), 1, 2), undefined)
  })

  it("stays in a free slot that holds the most of the prompt", () => {
    const slots = slotsOf([[], "free"], [[1, 2], "busy"], [[1, 9], "free"], [[1, 2, 3], "free"])
    assert.deepStrictEqual(place(slots, 1, 2, 3, 4), [3, 3, 3])
    assert.deepStrictEqual(place(slots, 1, 9), [2, 2, 2])
  })

  it("copies a prompt that a busy slot holds whole, and a long beginning, but no short one", () => {
    const slots = slotsOf([long, "busy"], [[], "free"])
    assert.deepStrictEqual(place(slots, 1, 2), [0, 1, 2])
    assert.deepStrictEqual(place(slots, ...long, 10), [0, 1, 9])
    assert.deepStrictEqual(place(slots, ...long.slice(0, 7), 10), [1, 1, 0])
    assert.deepStrictEqual(place(slots, 5), [1, 1, 0])
  })
})

describe("planCache()", () => {
  const plan = { bytesPerToken: 10, slots: 8, contextLength: 1000 }

  it("has as many slots as the budget holds, each long enough for every row", () => {
    assert.deepStrictEqual(planCache(plan, [100, 200]), { slots: 8, length: 256 })
    assert.deepStrictEqual(planCache({ ...plan, memory: 8 * 256 * 10 }, [100, 200]), { slots: 8, length: 256 })
    assert.deepStrictEqual(planCache({ ...plan, memory: 3 * 256 * 10 }, [200, 200]), { slots: 3, length: 256 })
    assert.deepStrictEqual(planCache({ ...plan, memory: 4000 }, [65, 90]), { slots: 4, length: 100 })
  })

  it("is as long as the first rows need where the longest row of all would cost slots", () => {
    assert.deepStrictEqual(planCache({ ...plan, memory: 8 * 128 * 10 }, [100, 90, 500]), { slots: 8, length: 128 })
    assert.deepStrictEqual(planCache({ ...plan, memory: 2 * 512 * 10 }, [500, 90]), { slots: 2, length: 512 })
  })

  it("holds one row that fills the budget, or the context, exactly", () => {
    assert.strictEqual(longestRow({ ...plan, memory: 4999 }), 499)
    assert.deepStrictEqual(planCache({ ...plan, memory: 4999 }, [499]), { slots: 1, length: 499 })
    assert.deepStrictEqual(planCache(plan, [1000]), { slots: 8, length: 1000 })
    assert.deepStrictEqual(planCache({ ...plan, slotTokens: 640 }, [3]), { slots: 8, length: 640 })
  })
})

describe("stepRows()", () => {
  it("is the least bound count that is enough, and at most all slots", () => {
    assert.deepStrictEqual(
      [1, 5, 8, 9, 17, 65, 81].map((rows) => stepRows(rows, 90)),
      [1, 6, 8, 12, 20, 80, 90]
    )
  })
})
