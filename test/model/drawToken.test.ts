import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, serialize, type Value } from "../../src/graph/mod.ts"
import { drawToken, mostLikely } from "../../src/model/drawToken.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

const rows = 200

/** Draws nearer to a border between two tokens than the rounding of sums of thousands of float32 numbers may differ. */
const border = 1e-5

/** The nearest float32 below, or the one after it. */
const below = (x: number): number => x - Math.abs(x) * 2 ** -23

/** The last number below 1 that float32 can hold. */
const almostOne = 1 - 2 ** -24

/** The tokens that are drawn by weights made of the input. */
const drawOf = Effect.fnUntraced(function* (
  weights: Float32Array,
  uniforms: Float32Array,
  weightOf: (op: Ops, input: Value) => Value
) {
  const runtime = yield* OnnxRuntime
  const count = uniforms.length
  const vocabulary = weights.length / count
  const op = new Ops("draw")
  const weight = weightOf(op, op.input("weight", "float32", ["rows", vocabulary]))
  const token = drawToken(op, { vocab_size: vocabulary }, weight, op.input("uniform", "float32", ["rows", 1]))
  op.output(token, "token")
  const session = yield* runtime.session({ name: "draw", model: serialize(op.build()) })
  const drawn = new BigInt64Array(count)
  const feeds = {
    weight: yield* runtime.tensor(weights, [count, vocabulary]),
    uniform: yield* runtime.tensor(uniforms, [count, 1])
  }
  yield* session.run(feeds, { token: yield* runtime.tensor(drawn, [count]) })
  return Array.from(drawn, Number)
}, Effect.scoped)

const draw = (weights: Float32Array, uniforms: Float32Array) => drawOf(weights, uniforms, (_op, weight) => weight)

/** Each row's cumulated weights in float64, as shares of the whole. */
const shares = (weights: Float32Array, row: number): Float64Array => {
  const vocabulary = weights.length / rows
  const cumulated = Float64Array.from(weights.subarray(row * vocabulary, (row + 1) * vocabulary))
  for (let i = 1; i < vocabulary; i++) cumulated[i] = (cumulated[i] ?? 0) + (cumulated[i - 1] ?? 0)
  return cumulated.map((mass) => mass / (cumulated.at(-1) ?? 1))
}

layer(Services)("drawToken()", (it) => {
  for (const vocabulary of [1, 63, 64, 65, 3000]) {
    it.effect(`inverts the cumulated weights of ${vocabulary} tokens`, () =>
      Effect.gen(function* () {
        const chance = key("draw", vocabulary)
        const weights = Float32Array.from({ length: rows * vocabulary }, (_, i) => uniform(chance, i) ** 4)
        const uniforms = Float32Array.from({ length: rows }, (_, row) => uniform(key("u", vocabulary), row))
        const drawn = yield* draw(weights, uniforms)
        let near = 0
        for (const [row, token] of drawn.entries()) {
          const upTo = shares(weights, row)
          const u = uniforms[row] ?? 0
          if (upTo.some((share) => Math.abs(share - u) < border)) near += 1
          else
            assert.strictEqual(
              token,
              upTo.findIndex((share) => share > u),
              `row ${row}`
            )
        }
        assert.isBelow(near, rows / 4)
      })
    )
  }

  it.effect("draws no token without weight, however near u is to 0 or to 1", () =>
    Effect.gen(function* () {
      const vocabulary = 200
      const places = [0, 63, 64, 127, 199]
      const weights = new Float32Array(2 * places.length * vocabulary)
      for (const [row, place] of [...places, ...places].entries()) weights[row * vocabulary + place] = 0.3
      const uniforms = Float32Array.from({ length: 2 * places.length }, (_, row) =>
        row < places.length ? 0 : almostOne
      )
      assert.deepStrictEqual(yield* draw(weights, uniforms), [...places, ...places])
    })
  )

  it.effect("takes the first of the most likely tokens with `mostLikely`, however near the others are", () =>
    Effect.gen(function* () {
      const vocabulary = 200
      const largest = Array.from({ length: rows }, (_, row) => Math.fround((row - rows / 2) / 7 + 1e-6))
      const logits = Float32Array.from({ length: rows * vocabulary }, (_, i) =>
        below(largest[Math.floor(i / vocabulary)] ?? 0)
      )
      for (const [row, logit] of largest.entries()) {
        for (const place of [row % 150, (row % 150) + 1, 199]) logits[row * vocabulary + place] = logit
      }
      const likely = yield* drawOf(logits, new Float32Array(rows).fill(mostLikely.uniform), (op, x) =>
        op.Softmax(op.Div(x, op.scalar(mostLikely.temperature)), { axis: -1 })
      )
      assert.deepStrictEqual(
        likely,
        Array.from({ length: rows }, (_, row) => row % 150)
      )
    })
  )

  it.effect("draws the last token with weight where u is almost 1", () =>
    Effect.gen(function* () {
      const vocabulary = 1000
      const weights = new Float32Array(rows * vocabulary)
      const last = Array.from({ length: rows }, (_, row) => 100 + 4 * row)
      for (const [row, end] of last.entries())
        for (let i = 0; i <= end; i++) weights[row * vocabulary + i] = 0.5 + uniform(key("tail", row), i)
      const drawn = yield* draw(weights, new Float32Array(rows).fill(almostOne))
      // float32 sums may end a token early, never on one without weight
      for (const [row, token] of drawn.entries())
        assert.isTrue(token === last[row] || token + 1 === last[row], `row ${row}`)
    })
  )
})
