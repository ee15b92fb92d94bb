import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { Ops, serialize } from "../../src/graph/mod.ts"
import { blockProduct, blockSize, quantizeBlocks } from "../../src/model/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

const [width, out] = [40, 3]

/** Whole numbers, of which each block of weights and of inputs has its extreme value, so that both are kept exactly. */
const weights = (low: number) =>
  Float32Array.from({ length: out * width }, (_, i) => ((i % width) % blockSize === 0 ? low : ((i * 5) % 13) - 6))
const inputs = (rows: number) =>
  Float32Array.from({ length: rows * width }, (_, i) => ((i % width) % blockSize === 1 ? 127 : ((i * 7) % 31) - 15))

/** Sums of up to 40 products of magnitude 1000, each rounded to float32's 2^−24 a few times. */
const tolerance = 0.05

const run = (bits: 4 | 8, low: number, rows: number) =>
  Effect.gen(function* () {
    const runtime = yield* OnnxRuntime
    const op = new Ops("test")
    const { quantized, scales } = quantizeBlocks(weights(low), out, bits)
    const blocks = Math.ceil(width / blockSize)
    op.output(
      blockProduct(op, op.input("x", "float32", ["rows", width]), {
        quantized: op.constant(quantized, [out, blocks, (blockSize * bits) / 8]),
        scales: op.constant(scales, [out, blocks])
      }),
      "y"
    )
    const session = yield* runtime.session({ name: "test", model: serialize(op.build()) })
    const y = new Float32Array(rows * out)
    const feeds = { x: yield* runtime.tensor(inputs(rows), [rows, width]) }
    yield* session.run(feeds, { y: yield* runtime.tensor(y, [rows, out]) })
    return Array.from(y)
  }).pipe(Effect.scoped)

layer(Services)("blockProduct()", (it) => {
  for (const [bits, low] of [
    [4, -8],
    [8, -128]
  ] as const) {
    it.effect(`gives x·Wᵀ of whole numbers kept in ${bits} bits, the last block not full`, () =>
      Effect.gen(function* () {
        const [x, w] = [inputs(2), weights(low)]
        const found = yield* run(bits, low, 2)
        for (let row = 0; row < 2; row++) {
          for (let column = 0; column < out; column++) {
            let sum = 0
            for (let i = 0; i < width; i++) sum += (x[row * width + i] ?? 0) * (w[column * width + i] ?? 0)
            assert.closeTo(found[row * out + column] ?? Number.NaN, sum, tolerance)
          }
        }
      })
    )

    it.effect(`gives a row of ${bits} bits the same bits beside any number of rows`, () =>
      Effect.gen(function* () {
        const all = yield* run(bits, low, 33)
        for (const rows of [1, 2, 3, 4, 5, 7, 8, 16])
          assert.deepStrictEqual(yield* run(bits, low, rows), all.slice(0, rows * out))
      })
    )
  }
})
