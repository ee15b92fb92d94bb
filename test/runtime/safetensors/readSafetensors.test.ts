import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { readSafetensors } from "../../../src/runtime/mod.ts"
import { failureOf, fileOf, row, temporaryFolder } from "./files.ts"

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

layer(NodeServices.layer)("readSafetensors()", (it) => {
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
