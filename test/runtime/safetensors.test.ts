import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, type Path, PlatformError } from "effect"
import {
  type FloatType,
  loadFloat32,
  readCheckpointFiles,
  readSafetensors,
  type RuntimeError,
  writeSafetensors
} from "../../src/runtime/mod.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-safetensors-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
)

/** A file with this header and as many zero bytes after it. */
const fileOf = (header: unknown, bytes: number): Uint8Array => {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([prefix, text, Buffer.alloc(bytes)])
}

const row = (dtype: string, shape: ReadonlyArray<number>, ...data_offsets: ReadonlyArray<number>) => ({
  dtype,
  shape,
  data_offsets
})

const failureOf = <A>(effect: Effect.Effect<A, RuntimeError, FileSystem.FileSystem | Path.Path>) =>
  Effect.map(Effect.flip(effect), ({ action, reason }) => ({ action, tag: reason._tag, message: reason.message }))

const knownDtypes =
  '"F64", "I64", "U64", "C64", "F32", "I32", "U32", "F16", "BF16", "I16", "U16", "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4"'

/** Every broken file (8 bytes of length, then a header of 54 in those that are too short or long): its bytes, the tag and the message of the reason. */
const broken: Readonly<Record<string, readonly [Uint8Array, string, string]>> = {
  "shorter than a header's length": [
    Buffer.alloc(3),
    "CheckpointTruncated",
    "found 3 bytes, wanted 8 bytes by its header"
  ],
  "shorter than its header": [
    fileOf({ a: row("F32", [1], 0, 4) }, 4).subarray(0, 20),
    "CheckpointTruncated",
    "found 20 bytes, wanted 62 bytes by its header"
  ],
  "shorter than its tensors": [
    fileOf({ a: row("F32", [2], 0, 8) }, 7),
    "CheckpointTruncated",
    "found 69 bytes, wanted 70 bytes by its header"
  ],
  "longer than its tensors": [
    fileOf({ a: row("F32", [2], 0, 8) }, 9),
    "CheckpointTruncated",
    "found 71 bytes, wanted 70 bytes by its header"
  ],
  "with a header of absurd length": [
    Buffer.from(BigUint64Array.of(2n ** 60n).buffer),
    "CheckpointHeader",
    "found 1152921504606846976 bytes in its header, wanted at most 100000000 bytes"
  ],
  "that is something else": [
    fileOf("PK not json", 0),
    "CheckpointHeader",
    "found PK not json in its header, wanted a JSON object"
  ],
  "with a row of another form": [
    fileOf({ a: { dtype: "F32", shape: [1] } }, 4),
    "CheckpointHeader",
    'found {"dtype":"F32","shape":[1]} in its header, wanted dtype, shape and data_offsets of "a"'
  ],
  "with a negative size": [
    fileOf({ a: row("F32", [-1], 0, 4) }, 4),
    "CheckpointHeader",
    'found {"dtype":"F32","shape":[-1],"data_offsets":[0,4]} in its header, wanted dtype, shape and data_offsets of "a"'
  ],
  "with metadata that are not texts": [
    fileOf({ __metadata__: { step: 1 } }, 0),
    "CheckpointHeader",
    'found {"step":1} in its header, wanted texts under "__metadata__"'
  ],
  "of an unknown type": [
    fileOf({ a: row("F31", [1], 0, 4) }, 4),
    "CheckpointDtype",
    `tensor "a" is stored as "F31", wanted one of ${knownDtypes}`
  ],
  "with fewer bytes than a shape has": [
    fileOf({ a: row("F16", [2, 3], 0, 8) }, 8),
    "TensorShape",
    'tensor "a" has 8 bytes, wanted 12 bytes for shape [2, 3]'
  ],
  "with tensors that overlap": [
    fileOf({ a: row("F32", [2], 0, 8), b: row("F32", [1], 4, 8) }, 8),
    "CheckpointOverlap",
    'the bytes of "a" and "b" overlap, wanted each tensor on its own bytes'
  ]
}

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

const shard = (name: string) => ({ [name]: { dtype: "F32", shape: [1], data: Float32Array.of(7) } }) as const

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

const minimind = fileURLToPath(new URL("../../../shared/models/minimind2-small", import.meta.url))

layer(NodeServices.layer)("safetensors", (it) => {
  describe("writeSafetensors()", () => {
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

  describe("loadFloat32()", () => {
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

  describe("readSafetensors()", () => {
    it.effect("tells where each tensor lies, counted from the start of the file", () =>
      Effect.gen(function* () {
        const path = join(yield* temporaryFolder, "w.safetensors")
        const header = {
          __metadata__: { format: "pt" },
          a: row("F32", [2, 1], 4, 12),
          none: row("U8", [0], 4, 4),
          s: row("BF16", [], 0, 2)
        }
        writeFileSync(path, fileOf(header, 12))
        const start = 8 + JSON.stringify(header).length
        const place = { file: "w.safetensors", path }
        const { entries, metadata } = yield* readSafetensors(path)
        assert.deepStrictEqual(
          [metadata, ...entries.values()],
          [
            { format: "pt" },
            { name: "a", dtype: "F32", shape: [2, 1], ...place, offset: start + 4, length: 8 },
            { name: "none", dtype: "U8", shape: [0], ...place, offset: start + 4, length: 0 },
            { name: "s", dtype: "BF16", shape: [], ...place, offset: start, length: 2 }
          ]
        )
      })
    )

    for (const [name, [bytes, tag, message]] of Object.entries(broken)) {
      it.effect(`fails with ${tag} on a file ${name}`, () =>
        Effect.gen(function* () {
          const path = join(yield* temporaryFolder, "w.safetensors")
          writeFileSync(path, bytes)
          assert.deepStrictEqual(yield* failureOf(readSafetensors(path)), { action: "read", tag, message })
        })
      )
    }

    it.effect("fails with CheckpointMissing that lists what lies beside", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        writeFileSync(join(folder, "b.bin"), "")
        writeFileSync(join(folder, "a.txt"), "")
        assert.deepStrictEqual(yield* failureOf(readSafetensors(join(folder, "w.safetensors"))), {
          action: "read",
          tag: "CheckpointMissing",
          message: 'found "a.txt", "b.bin", wanted "w.safetensors"'
        })
      })
    )
  })

  describe("readCheckpointFiles()", () => {
    const writeShards = Effect.fnUntraced(function* (folder: string, weight_map: Readonly<Record<string, string>>) {
      yield* writeSafetensors(join(folder, "one.safetensors"), shard("a"))
      yield* writeSafetensors(join(folder, "two.safetensors"), { ...shard("b"), ...shard("c") })
      writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ metadata: {}, weight_map }))
    })

    it.effect("finds the tensors of an index in their shards", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* writeShards(folder, { a: "one.safetensors", c: "two.safetensors" })
        const entries = yield* readCheckpointFiles(folder)
        assert.deepStrictEqual(
          Array.from(entries, ([name, { file }]) => [name, file]),
          [
            ["a", "one.safetensors"],
            ["c", "two.safetensors"]
          ]
        )
      })
    )

    it.effect("prefers the single file", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        yield* writeShards(folder, { a: "one.safetensors" })
        yield* writeSafetensors(join(folder, "model.safetensors"), shard("only"))
        assert.deepStrictEqual([...(yield* readCheckpointFiles(folder)).keys()], ["only"])
      })
    )

    const wrong: Readonly<Record<string, readonly [Readonly<Record<string, string>>, string, string]>> = {
      "a tensor that its shard has not": [
        { x: "two.safetensors" },
        "TensorMissing",
        'found no tensor "x" in "two.safetensors", wanted one of "b", "c"'
      ],
      "a shard that is not there": [
        { a: "three.safetensors" },
        "CheckpointMissing",
        'found "model.safetensors.index.json", "one.safetensors", "two.safetensors", wanted "three.safetensors"'
      ],
      "a shard in another folder": [
        { a: "../one.safetensors" },
        "CheckpointHeader",
        'found file "../one.safetensors" in its header, wanted names of files in the same folder'
      ]
    }
    for (const [name, [weightMap, tag, message]] of Object.entries(wrong)) {
      it.effect(`fails with ${tag} on an index with ${name}`, () =>
        Effect.gen(function* () {
          const folder = yield* temporaryFolder
          yield* writeShards(folder, weightMap)
          assert.deepStrictEqual(yield* failureOf(readCheckpointFiles(folder)), { action: "read", tag, message })
        })
      )
    }

    it.effect("fails with CheckpointHeader on an index that is not one", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        writeFileSync(join(folder, "model.safetensors.index.json"), "[]")
        assert.strictEqual((yield* failureOf(readCheckpointFiles(folder))).tag, "CheckpointHeader")
      })
    )

    it.effect("fails with CheckpointMissing where there are no weights, and where there is no folder", () =>
      Effect.gen(function* () {
        const folder = yield* temporaryFolder
        writeFileSync(join(folder, "pytorch_model.bin"), "")
        const wanted = 'wanted "model.safetensors" or "model.safetensors.index.json"'
        assert.deepStrictEqual(
          [yield* failureOf(readCheckpointFiles(folder)), yield* failureOf(readCheckpointFiles(join(folder, "none")))],
          [
            { action: "read", tag: "CheckpointMissing", message: `found "pytorch_model.bin", ${wanted}` },
            { action: "read", tag: "CheckpointMissing", message: `found none, ${wanted}` }
          ]
        )
      })
    )

    it.effect.skipIf(!existsSync(minimind))("reads a published model", () =>
      Effect.gen(function* () {
        const entries = yield* readCheckpointFiles(minimind)
        const norm = entries.get("model.norm.weight")
        const values = norm ? yield* loadFloat32(norm) : new Float32Array()
        assert.deepStrictEqual([norm?.shape, values.length, values.every(Number.isFinite)], [[512], 512, true])
      })
    )
  })
})
