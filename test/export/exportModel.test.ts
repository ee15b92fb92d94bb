import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { mergeAdapter, openCheckpoint, openSource } from "../../src/checkpoint/mod.ts"
import { exportModel, exports, planExport } from "../../src/export/mod.ts"
import type { Lora } from "../../src/model/mod.ts"
import { loadFloat32, readCheckpointFiles, readSafetensors, RuntimeError, TensorShape } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"
import { exported } from "./exported.ts"

const adapter = "fixtures/training/adapters/causal"

const valuesOf = Effect.fnUntraced(function* (folder: string) {
  const entries = yield* readCheckpointFiles(folder)
  const weights = new Map<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>()
  for (const [name, entry] of entries) weights.set(name, { shape: entry.shape, data: yield* loadFloat32(entry) })
  return weights
})

layer(Services)("safetensors", (it) => {
  it.effect("writes an adapter and its base as mergeAdapter puts them together", () =>
    Effect.gen(function* () {
      const folder = yield* exported(adapter, "safetensors")
      const lora: Lora = { rank: 2, alpha: 8, rankStabilized: false, targets: "all" } // as adapter_config.json says
      const { entries } = yield* readSafetensors(`${adapter}/adapter_model.safetensors`)
      const halves = new Map<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>()
      for (const [name, entry] of entries) {
        halves.set(name.replace("base_model.model.", ""), { shape: entry.shape, data: yield* loadFloat32(entry) })
      }
      const base = yield* valuesOf("fixtures/model/untied-scaled-sharded")
      const merged = yield* mergeAdapter({ lora, base, adapter: halves })
      assert.deepStrictEqual(new Map([...(yield* valuesOf(folder))].toSorted()), new Map([...merged].toSorted()))
      assert.notDeepEqual(
        merged.get("model.layers.1.mlp.up_proj.weight"),
        base.get("model.layers.1.mlp.up_proj.weight")
      )
      const { kind } = yield* openCheckpoint(folder)
      assert.strictEqual(kind, "causal")
    }).pipe(Effect.scoped)
  )

  it.effect("writes a reward adapter as the reward model that it makes of a causal base", () =>
    Effect.gen(function* () {
      const folder = yield* exported("fixtures/training/adapters/reward", "safetensors")
      const { kind, parameters } = yield* openCheckpoint(folder, "reward")
      assert.strictEqual(kind, "reward")
      assert.strictEqual(parameters.at(-1)?.name, "score.weight")
    }).pipe(Effect.scoped)
  )

  it.effect("rounds to the type that was asked for, and says it in config.json", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const model = "fixtures/model/untied-scaled-sharded"
      const wanted = yield* valuesOf(model)
      for (const [dtype, stored] of [
        ["float16", "F16"],
        ["bfloat16", "BF16"],
        ["float32", "F32"]
      ] as const) {
        const folder = yield* exported(model, "safetensors", { dtype })
        const entries = yield* readCheckpointFiles(folder)
        assert.deepStrictEqual([...new Set([...entries.values()].map((entry) => entry.dtype))], [stored])
        assert.strictEqual(JSON.parse(yield* fs.readFileString(`${folder}/config.json`)).dtype, dtype)
        const found = (yield* valuesOf(folder)).get("model.norm.weight")?.data
        const exact = wanted.get("model.norm.weight")?.data ?? new Float32Array()
        if (dtype === "float32") assert.deepStrictEqual(found, exact)
        if (dtype === "float16") assert.deepStrictEqual(found, Float32Array.from(Float16Array.from(exact)))
      }
    }).pipe(Effect.scoped)
  )
})

layer(Services)("exportModel()", (it) => {
  for (const [format, place] of [
    ["gguf", "model.gguf"],
    ["onnx", "model"],
    ["safetensors", "model"]
  ] as const) {
    it.effect(`leaves nothing of a ${format} whose last weight cannot be read, and what was there before`, () =>
      Effect.gen(function* () {
        const fs = yield* FileSystem.FileSystem
        const folder = yield* fs.makeTempDirectoryScoped()
        const model = "fixtures/model/qwen2"
        const plan = yield* planExport(exports)({ model, format, into: `${folder}/${place}` })
        const source = yield* openSource(model)
        const reason = new TensorShape({ name: "last", shape: [1], found: 0, wanted: 4 })
        const broken = new RuntimeError({ action: "read", subject: "a disk", reason })
        const last = source.parameters.at(-1)?.name
        const failing = { ...source, load: (name: string) => (name === last ? Effect.fail(broken) : source.load(name)) }
        assert.strictEqual(yield* Effect.flip(exportModel(plan, failing)), broken)
        assert.deepStrictEqual(yield* fs.readDirectory(folder), [])
        yield* exportModel(plan, source)
        const before = yield* fs.readDirectory(folder, { recursive: true })
        assert.strictEqual(yield* Effect.flip(exportModel(plan, failing)), broken)
        assert.deepStrictEqual(yield* fs.readDirectory(folder, { recursive: true }), before)
      }).pipe(Effect.scoped)
    )
  }

  it.effect("refuses a family that a GGUF file cannot hold, and lists those that it can", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const source = yield* openSource("fixtures/model/qwen2")
      const into = `${yield* fs.makeTempDirectoryScoped()}/model.gguf`
      const plan = yield* planExport(exports)({ model: source.folder, format: "gguf", into })
      const other = { ...source, config: { ...source.config, model_type: "mamba" } }
      const { message } = yield* Effect.flip(exportModel(plan, other))
      assert.strictEqual(
        message,
        'Cannot export "fixtures/model/qwen2" as gguf: "model_type" is "mamba", wanted one of "llama", "mistral", "qwen2", "qwen3", "gemma2", "phi3"'
      )
    }).pipe(Effect.scoped)
  )

  it.effect("tells of every weight once, whatever the format", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const source = yield* openSource("fixtures/model/untied-scaled-sharded")
      const told: Record<string, number> = {}
      for (const format of Object.keys(exports)) {
        const into = `${yield* fs.makeTempDirectoryScoped()}/out`
        const plan = yield* planExport(exports)({ model: source.folder, format, into })
        yield* exportModel(
          plan,
          source,
          Effect.sync(() => (told[format] = (told[format] ?? 0) + 1))
        )
      }
      const all = source.parameters.length
      assert.deepStrictEqual(told, { gguf: all, onnx: all, safetensors: all })
    }).pipe(Effect.scoped)
  )
})
