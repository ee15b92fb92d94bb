import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { key } from "../../src/random/mod.ts"
import { moveTogether } from "../../src/sampler/decoder/moveTogether.ts"
import type { OpenCache } from "../../src/sampler/decoder/OpenCache.ts"
import { begin } from "../../src/sampler/decoder/Row.ts"
import type { Slot } from "../../src/sampler/decoder/Slot.ts"
import { makeStepArrays } from "../../src/sampler/decoder/StepArrays.ts"

const row = { prompt: Int32Array.of(1, 2), temperature: 1, maxNewTokens: 4, key: key(0) }

/** What is copied where some slots are free, in some a row grows and in some it still reads its prompt. */
const moved = Effect.fnUntraced(function* (...states: ReadonlyArray<"free" | "grows" | "reads">) {
  const copies: Array<readonly [from: number, to: number]> = []
  const slots = states.map((state, index): Slot => {
    const growing = { ...begin(row, { token: () => true, failed: () => {} }), ready: state === "grows" }
    return { index, row: state === "free" ? undefined : growing, read: new Int32Array() }
  })
  const copy = (_cache: unknown, { from, to }: { readonly from: number; readonly to: number }) =>
    Effect.sync(() => copies.push([from, to]))
  const arrays = makeStepArrays({ slots: slots.length, length: 8 })
  yield* moveTogether({ slots, arrays, parts: { copy } } as unknown as OpenCache) // as: what moving looks at
  return copies
})

describe("moveTogether()", () => {
  it.effect("moves rows to free slots before them, where steps become smaller", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* moved("free", "grows", "free", "grows"), [[3, 0]])
      assert.deepStrictEqual(yield* moved("grows", "grows", "free", "free"), [])
    })
  )

  it.effect("moves no row back, when rows before it still read their prompts", () =>
    Effect.map(moved("reads", "grows", "free", "free"), (copies) => assert.deepStrictEqual(copies, []))
  )
})
