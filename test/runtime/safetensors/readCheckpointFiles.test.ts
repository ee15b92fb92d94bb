import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { loadFloat32, readCheckpointFiles, writeSafetensors } from "../../../src/runtime/mod.ts"
import { failureOf, temporaryFolder } from "./files.ts"

const shard = (name: string) => ({ [name]: { dtype: "F32", shape: [1], data: Float32Array.of(7) } }) as const

const minimind = fileURLToPath(new URL("../../../../shared/models/minimind2-small", import.meta.url))

layer(NodeServices.layer)("readCheckpointFiles()", (it) => {
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
