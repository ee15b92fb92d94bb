import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { OnnxRuntime, readCheckpointFiles, type SessionOptions, writeSafetensors } from "../../src/runtime/mod.ts"
import { openReader, readerModel, readers, weight } from "./reader.ts"

const Services = Layer.merge(OnnxRuntime.layer({ threads: 2 }), NodeServices.layer)

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "prefloop-runtime-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true }))
)

const runOnce = (options: Omit<SessionOptions, "name">) => Effect.scoped(Effect.flatten(openReader(options)))

layer(Services)("Session", (it) => {
  it.effect("gives one answer under every option", () =>
    Effect.gen(function* () {
      const { nodes, wanted } = readers["a folded Transpose"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data: weight })
      const options: ReadonlyArray<Partial<SessionOptions>> = [
        {},
        { prepack: false },
        { memoryPattern: true },
        { arena: "shared" },
        { arena: "none" },
        { optimization: "none" },
        { optimization: "basic" },
        { optimization: "extended" },
        { optimization: "all" }
      ]
      const answers = yield* Effect.forEach(options, (each) => Effect.flatten(openReader({ model, ...each })))
      assert.deepStrictEqual(
        answers,
        options.map(() => wanted)
      )
    })
  )

  it.effect("maps external weights from a file of weights, from bytes and from a path", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* writeSafetensors(join(folder, "model.safetensors"), {
        other: { dtype: "F32", shape: [1], data: Float32Array.of(9) },
        w: { dtype: "F32", shape: [2, 2], data: weight }
      })
      const entry = (yield* readCheckpointFiles(folder)).get("w")
      const data = { location: entry?.file ?? "", offset: entry?.offset ?? 0, length: entry?.length ?? 0 }
      const { nodes, wanted } = readers["Gemm"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data })
      const path = join(folder, "model.onnx")
      writeFileSync(path, model)
      assert.deepStrictEqual(
        [
          yield* runOnce({ model, externalFolder: folder }),
          yield* runOnce({ model, externalFolder: folder, prepack: false }),
          yield* runOnce({ model: path })
        ],
        [wanted, wanted, wanted]
      )
    })
  )

  it.effect("writes the times of its nodes when it closes, if asked", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const { nodes, wanted } = readers["Mul and Add"] ?? { nodes: [], wanted: [] }
      const model = readerModel({ nodes, wanted }, { shape: [2, 2], data: weight })
      yield* runOnce({ model, profile: join(folder, "times") })
      const [file = "", ...others] = readdirSync(folder)
      const events: ReadonlyArray<{ readonly name: string }> = JSON.parse(readFileSync(join(folder, file), "utf8"))
      assert.deepStrictEqual([file.startsWith("times_"), others], [true, []])
      assert.include(
        events.map(({ name }) => name),
        "Mul_kernel_time"
      )
    })
  )
})
