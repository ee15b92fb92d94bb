import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, serialize } from "../../src/graph/mod.ts"
import { attentionMask, placeInputs, prefixInputs } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

/** Two tokens of branch 2 behind three that all branches share, and one place where nothing stands. */
const places = {
  positions: [3n, 4n, 0n],
  document: [0n, 0n, -1n],
  branch: [2n, 2n, 0n],
  prefixPositions: [0n, 1n, 2n],
  prefixDocument: [0n, 0n, 0n],
  prefixBranch: [0n, 0n, 0n]
}

const seenWith = Effect.fnUntraced(function* (window: number | undefined) {
  const runtime = yield* OnnxRuntime
  const op = new Ops("mask")
  op.output(attentionMask(op, placeInputs(op), { window, prefix: prefixInputs(op) }), "mask")
  const session = yield* runtime.session({ name: "mask", model: serialize(op.build()) })
  const feeds = yield* Effect.all(
    Object.fromEntries(
      Object.entries(places).map(([name, ids]) => [name, runtime.tensor(BigInt64Array.from(ids), [1, 3])] as const)
    )
  )
  const mask = new Float32Array(3 * 6)
  yield* session.run(feeds, { mask: yield* runtime.tensor(mask, [1, 1, 1, 3, 6]) })
  return [0, 1, 2].map((row) => Array.from(mask.subarray(6 * row, 6 * row + 6), (x) => (x === 0 ? 1 : 0)))
}, Effect.scoped)

layer(Services)("attentionMask() with a prefix", (it) => {
  it.effect("lets a token see the prefix, those before it in its row, and itself", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* seenWith(undefined), [
        [1, 1, 1, 1, 0, 0],
        [1, 1, 1, 1, 1, 0],
        [0, 0, 0, 0, 0, 1]
      ])
    })
  )

  it.effect("counts a window by positions: of 2, the token itself and the one before", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* seenWith(2)).slice(0, 2), [
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 1, 1, 0]
      ])
    })
  )
})
