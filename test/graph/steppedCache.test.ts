import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, serialize } from "../../src/graph/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

const [tokens, heads, kvHeads, width, room] = [5, 4, 2, 8, 6]

/** Values from −1 to 1. */
const values = (name: string, count: number) =>
  Float32Array.from({ length: count }, (_, i) => 2 * uniform(key(name), i) - 1)

const [q, k, v] = [
  values("q", tokens * heads * width),
  values("k", tokens * kvHeads * width),
  values("v", tokens * kvHeads * width)
]

/** Of each head and feature its own: the last features are cut off at 127 steps. */
const sizes = Float32Array.from({ length: kvHeads * width }, (_, i) => (0.2 + (i % width < 6 ? 0.8 : 0) + i / 64) / 127)

/** What a cache holds of [tokens, kvHeads, width], as [kvHeads, room, width]: zeros after the tokens. */
const held = (x: Float32Array) =>
  Int8Array.from({ length: kvHeads * room * width }, (_, i) => {
    const [feature, token, head] = [i % width, Math.floor(i / width) % room, Math.floor(i / (width * room))]
    const value = x[(token * kvHeads + head) * width + feature] ?? 0
    return Math.max(-128, Math.min(127, Math.round(value / (sizes[head * width + feature] ?? 1))))
  })

/** Causal attention in float64 over what the caches hold. */
const attention = (keys: Int8Array, contents: Int8Array): ReadonlyArray<number> => {
  const at = (cache: Int8Array, head: number, token: number, feature: number) =>
    (cache[(head * room + token) * width + feature] ?? 0) * (sizes[head * width + feature] ?? 0)
  const features = Array.from({ length: width }, (_, i) => i)
  return Array.from({ length: tokens * heads }, (_, i) => {
    const [token, head] = [Math.floor(i / heads), i % heads]
    const of = Math.floor(head / (heads / kvHeads))
    const scores = Array.from({ length: token + 1 }, (_score, other) =>
      features.reduce((sum, f) => sum + (q[i * width + f] ?? 0) * at(keys, of, other, f), 0)
    ).map((score) => Math.exp(score / Math.sqrt(width)))
    const total = scores.reduce((sum, score) => sum + score, 0)
    return features.map((f) =>
      scores.reduce((sum, score, other) => sum + (score / total) * at(contents, of, other, f), 0)
    )
  }).flat()
}

/** A few roundings of float32 in sums of values below 1. */
const tolerance = 1e-6

layer(Services)("GroupQueryAttention() with a cache in steps", (it) => {
  it.effect("keeps keys and values in whole steps, cut off at 127, and attends over those", () =>
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const op = new Ops("test")
      const input = (name: string, of: number) => op.input(name, "float32", ["rows", "tokens", of * width])
      const past = (name: string) => op.input(name, "int8", ["rows", kvHeads, room, width])
      const scales = op.constant(sizes, [1, kvHeads, 1, width])
      const [y, presentKey, presentValue] = op.GroupQueryAttention(
        input("q", heads),
        input("k", kvHeads),
        input("v", kvHeads),
        past("pastKey"),
        past("pastValue"),
        op.input("lengths", "int32", ["rows"]),
        op.input("total", "int32", []),
        undefined,
        undefined,
        { num_heads: heads, kv_num_heads: kvHeads, scales: { key: scales, value: scales } }
      )
      op.output(y, "y")
      op.output(presentKey, "presentKey")
      op.output(presentValue, "presentValue")
      const session = yield* runtime.session({ name: "test", model: serialize(op.build()) })
      const cache = [1, kvHeads, room, width]
      const [keys, contents] = [new Int8Array(kvHeads * room * width), new Int8Array(kvHeads * room * width)]
      const found = new Float32Array(q.length)
      const [ofKeys, ofValues] = [yield* runtime.tensor(keys, cache), yield* runtime.tensor(contents, cache)]
      const feeds = {
        q: yield* runtime.tensor(q, [1, tokens, heads * width]),
        k: yield* runtime.tensor(k, [1, tokens, kvHeads * width]),
        v: yield* runtime.tensor(v, [1, tokens, kvHeads * width]),
        pastKey: ofKeys,
        pastValue: ofValues,
        lengths: yield* runtime.tensor(Int32Array.of(tokens - 1), [1]),
        total: yield* runtime.tensor(Int32Array.of(tokens), [])
      }
      const written = {
        y: yield* runtime.tensor(found, [1, tokens, heads * width]),
        presentKey: ofKeys,
        presentValue: ofValues
      }
      yield* session.run(feeds, written)
      assert.deepStrictEqual([keys, contents], [held(k), held(v)])
      assert.isTrue(keys.includes(127) && keys.some((x) => Math.abs(x) > 0 && Math.abs(x) < 127))
      attention(keys, contents).forEach((wanted, i) => assert.closeTo(found[i] ?? Number.NaN, wanted, tolerance))
    }).pipe(Effect.scoped)
  )

  it.effect("refuses steps that are not one for each head and feature", () =>
    Effect.sync(() => {
      const op = new Ops("test")
      const past = op.input("past", "int8", ["rows", kvHeads, room, width])
      const x = (name: string, of: number) => op.input(name, "float32", ["rows", "tokens", of * width])
      const scale = op.constant(Float32Array.of(1), [1])
      const [lengths, total] = [op.input("lengths", "int32", ["rows"]), op.input("total", "int32", [])]
      const [a, b, c] = [x("q", heads), x("k", kvHeads), x("v", kvHeads)]
      const options = { num_heads: heads, kv_num_heads: kvHeads, scales: { key: scale, value: scale } }
      assert.throws(
        () => op.GroupQueryAttention(a, b, c, past, past, lengths, total, undefined, undefined, options),
        /GroupQueryAttention/
      )
    })
  )
})
