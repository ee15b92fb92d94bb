import { truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { type FloatType, loadFloat32, readSafetensors, writeSafetensors } from "../../../src/runtime/mod.ts"
import { failureOf, fileOf, row, temporaryFolder } from "./files.ts"

/** float32 values with what each type keeps of them. */
const roundings: Readonly<Record<FloatType, ReadonlyArray<readonly [number, number]>>> = {
  F32: [
    [1.1, Math.fround(1.1)],
    [-0, -0],
    [Number.NaN, Number.NaN],
    [3.4e38, Math.fround(3.4e38)]
  ],
  F16: [
    [1 + 2 ** -11, 1], // halfway between 1 and 1 + 2⁻¹⁰: to the even one
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [65520, Number.POSITIVE_INFINITY], // halfway to the number after the largest
    [2 ** -24, 2 ** -24],
    [2 ** -25, 0],
    [Number.NaN, Number.NaN]
  ],
  BF16: [
    [1 + 2 ** -8, 1], // halfway between 1 and 1 + 2⁻⁷: to the even one
    [1 + 3 * 2 ** -8, 1 + 2 ** -6],
    [1 + 2 ** -8 + 2 ** -20, 1 + 2 ** -7],
    [-3, -3],
    [3.4e38, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.NaN, Number.NaN]
  ]
}

layer(NodeServices.layer)("loadFloat32()", (it) => {
  for (const dtype of ["F32", "F16", "BF16"] as const) {
    it.effect(`gives back what ${dtype} keeps of each number`, () =>
      Effect.gen(function* () {
        const path = join(yield* temporaryFolder, "w.safetensors")
        const rows = roundings[dtype]
        const data = Float32Array.from(rows, ([value]) => value)
        yield* writeSafetensors(path, { w: { dtype, shape: [rows.length], data } })
        const [entry] = (yield* readSafetensors(path)).entries.values()
        const values = entry ? yield* loadFloat32(entry) : []
        assert.deepStrictEqual(
          Array.from(values),
          rows.map(([, kept]) => kept)
        )
      })
    )
  }

  it.effect("puts chunks of a large tensor together", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "w.safetensors")
      const data = Float32Array.from({ length: (1 << 22) + 3 }, (_, i) => i % 251) // exact in bfloat16
      yield* writeSafetensors(path, { w: { dtype: "BF16", shape: [data.length], data } })
      const [entry] = (yield* readSafetensors(path)).entries.values()
      const values = entry ? yield* loadFloat32(entry) : []
      assert.strictEqual(Buffer.compare(Buffer.from(Float32Array.from(values).buffer), Buffer.from(data.buffer)), 0)
    })
  )

  it.effect("refuses integers, and a file cut since its header was read", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "w.safetensors")
      writeFileSync(path, fileOf({ ids: row("I64", [1], 0, 8), w: row("F32", [2], 8, 16) }, 16))
      const { entries } = yield* readSafetensors(path)
      const [ids, w] = entries.values()
      if (!ids || !w) return assert.fail("two tensors")
      assert.deepStrictEqual(yield* failureOf(loadFloat32(ids)), {
        action: "read",
        tag: "CheckpointDtype",
        message: 'tensor "ids" is stored as "I64", wanted one of "F32", "F16", "BF16"'
      })
      truncateSync(path, w.offset + 5)
      assert.deepStrictEqual(yield* failureOf(loadFloat32(w)), {
        action: "read",
        tag: "CheckpointTruncated",
        message: `found ${w.offset + 5} bytes, wanted ${w.offset + 8} bytes by its header`
      })
    })
  )
})
