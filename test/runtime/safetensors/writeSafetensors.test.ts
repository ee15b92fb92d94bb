import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError } from "effect"
import { writeSafetensors } from "../../../src/runtime/mod.ts"
import { failureOf, fileOf, temporaryFolder } from "./files.ts"

/** A disk that is full after so many writes. */
const fullAfter = (writes: number) =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => {
      let left = writes
      const full = PlatformError.systemError({
        _tag: "Unknown",
        module: "FileSystem",
        method: "writeAll",
        cause: new Error("ENOSPC: no space left on device, write")
      })
      const open: FileSystem.FileSystem["open"] = (path, options) =>
        Effect.map(fs.open(path, options), (file) => ({
          ...file,
          stat: file.stat,
          sync: file.sync,
          writeAll: (buffer: Uint8Array) => (left-- > 0 ? file.writeAll(buffer) : Effect.fail(full))
        }))
      return { ...fs, open }
    })
  ).pipe(Layer.provide(NodeServices.layer))

layer(NodeServices.layer)("writeSafetensors()", (it) => {
  it.effect("writes the bytes that the format asks for, wide types first", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "w.safetensors")
      yield* writeSafetensors(
        path,
        {
          half: { dtype: "F16", shape: [1], data: Float32Array.of(1) },
          full: { dtype: "F32", shape: [1, 2], data: Float32Array.of(1, -2) }
        },
        { format: "pt" }
      )
      const text =
        '{"__metadata__":{"format":"pt"},"full":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"half":{"dtype":"F16","shape":[1],"data_offsets":[8,10]}}'
      const padded = text.padEnd(Math.ceil(text.length / 8) * 8)
      const numbers = Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0x3c])
      assert.deepStrictEqual(
        readFileSync(path).toString("latin1"),
        Buffer.concat([fileOf(padded, 0), numbers]).toString("latin1")
      )
    })
  )

  it.effect("refuses values that are not as many as the shape has, and writes nothing", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const tensors = { w: { dtype: "BF16", shape: [2, 2], data: new Float32Array(3) } } as const
      assert.deepStrictEqual(yield* failureOf(writeSafetensors(join(folder, "w.safetensors"), tensors)), {
        action: "write",
        tag: "TensorShape",
        message: 'tensor "w" has 6 bytes, wanted 8 bytes for shape [2, 2]'
      })
      assert.deepStrictEqual(readdirSync(folder), [])
    })
  )

  for (const writes of [0, 1, 2]) {
    it.effect(`leaves the old file, and nothing else, when the disk is full after ${writes} writes`, () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        const path = join(folder, "w.safetensors")
        writeFileSync(path, "old")
        const data = Float32Array.of(1, 2)
        const tensor = { dtype: "F32", shape: [2], data } as const
        const failure = yield* failureOf(writeSafetensors(path, { a: tensor, b: tensor })).pipe(
          Effect.provide(fullAfter(writes))
        )
        assert.deepStrictEqual(failure, {
          action: "write",
          tag: "FileFailed",
          message: "found ENOSPC: no space left on device, write, wanted the file system to allow it"
        })
        assert.deepStrictEqual([readdirSync(folder), readFileSync(path, "utf8")], [["w.safetensors"], "old"])
      })
    )
  }

  it.effect("fails with FileFailed where there is no such folder", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryFolder, "none", "w.safetensors")
      const { action, message, tag } = yield* failureOf(writeSafetensors(path, {}))
      assert.deepStrictEqual([action, tag, message.startsWith("found ENOENT")], ["write", "FileFailed", true])
    })
  )
})
