import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { bytesOf, Ops, serialize } from "../../src/graph/mod.ts"
import { halfLinear } from "../../src/model/halfLinear.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

/** So long that the weight is widened in two parts. */
const [inputs, outputs] = [1024, 2064]

const values = (name: string, count: number) =>
  Float32Array.from({ length: count }, (_, i) => uniform(key(name), i) - 0.5)

/** The nearest numbers below that have the bits of a half. */
const halves = {
  float16: (xs: Float32Array) => new Float16Array(xs),
  bfloat16: (xs: Float32Array) => Uint16Array.from(new Uint32Array(xs.buffer), (bits) => bits >>> 16)
}

const wide = {
  float16: (xs: Float16Array | Uint16Array) => Float32Array.from(xs),
  bfloat16: (xs: Float16Array | Uint16Array) => new Float32Array(Uint32Array.from(xs, (bits) => bits * 2 ** 16).buffer)
}

/** Sums of 1024 products of magnitude 0.1 in float32. */
const tolerance = 1e-5

const never = () => assert.fail("the weight is in half")

const open = Effect.fnUntraced(function* (type: "float16" | "bfloat16", stored: Float16Array | Uint16Array) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const runtime = yield* OnnxRuntime
  const folder = yield* fs.makeTempDirectoryScoped()
  yield* fs.writeFile(join(folder, "file"), bytesOf(stored))
  const op = new Ops("test")
  const weight = { location: "file", type, shape: [outputs, inputs], offset: 0, length: stored.byteLength }
  const linear = halfLinear(op, { weights: new Map([["w.weight", weight]]), parameterOf: never, otherwise: never })
  op.output(linear(op.input("x", "float32", ["rows", inputs]), "w"), "y")
  const model = serialize(op.build())
  const session = yield* runtime.session({ name: "test", model, externalFolder: folder, constants: "kept" })
  return Effect.fnUntraced(function* (rows: number) {
    const y = new Float32Array(rows * outputs)
    const feeds = { x: yield* runtime.tensor(values("x", rows * inputs), [rows, inputs]) }
    yield* session.run(feeds, { y: yield* runtime.tensor(y, [rows, outputs]) })
    return y
  }, Effect.scoped)
})

layer(Services)("halfLinear()", (it) => {
  for (const type of ["float16", "bfloat16"] as const) {
    it.effect(`gives x·Wᵀ of the numbers that ${type} holds, and a row the same bits beside any number of rows`, () =>
      Effect.gen(function* () {
        const stored = halves[type](values("w", inputs * outputs))
        const run = yield* open(type, stored)
        const all = yield* run(33)
        const [x, w] = [values("x", inputs), wide[type](stored)]
        for (let column = 0; column < outputs; column += 7) {
          const wanted = x.reduce((sum, each, i) => sum + each * (w[column * inputs + i] ?? 0), 0)
          assert.closeTo(all[column] ?? Number.NaN, wanted, tolerance)
        }
        for (const rows of [1, 2, 3, 5, 8, 16]) assert.deepStrictEqual(yield* run(rows), all.slice(0, rows * outputs))
      }).pipe(Effect.scoped)
    )
  }
})
