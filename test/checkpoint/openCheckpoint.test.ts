import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { openCheckpoint, writeCheckpoint } from "../../src/checkpoint/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../../src/runtime/mod.ts"
import { Services } from "../recordings.ts"

const source = "fixtures/model/tied-bias-bfloat16"

/** A copy of a model folder that a test may damage. */
const copy = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const folder = path.join(yield* fs.makeTempDirectoryScoped(), "model")
  yield* fs.copy(source, folder)
  const edit = (file: string, change: (text: string) => string) =>
    Effect.flatMap(fs.readFileString(path.join(folder, file)), (text) =>
      fs.writeFileString(path.join(folder, file), change(text))
    )
  return { fs, path, folder, edit }
})

const refused = (folder: string) => Effect.map(Effect.flip(openCheckpoint(folder)), ({ message }) => message)

layer(Services)("openCheckpoint()", (it) => {
  it.effect("says which folder or file is missing", () =>
    Effect.gen(function* () {
      const { fs, path, folder } = yield* copy
      assert.strictEqual(
        yield* refused("no/such/folder"),
        'Cannot open the model "no/such/folder": found no "config.json", wanted a Hugging Face model folder'
      )
      yield* fs.remove(path.join(folder, "tokenizer.json"))
      assert.include(yield* refused(folder), 'found no "tokenizer.json"')
    })
  )

  it.effect("refuses a truncated weight file, and names it", () =>
    Effect.gen(function* () {
      const { fs, path, folder } = yield* copy
      yield* fs.truncate(path.join(folder, "model.safetensors"), 20_000)
      const message = yield* refused(folder)
      assert.include(message, "model.safetensors")
      assert.include(message, "20000")
    })
  )

  it.effect("refuses a weight of another shape than the config says", () =>
    Effect.gen(function* () {
      const { folder, edit } = yield* copy
      yield* edit("config.json", (text) => text.replace('"intermediate_size": 48', '"intermediate_size": 64'))
      assert.strictEqual(
        yield* refused(folder),
        `Cannot open the model "${folder}": weight "model.layers.0.mlp.gate_proj.weight" has shape [48, 32], wanted [64, 32] by config.json`
      )
    })
  )

  it.effect("refuses a weight that is missing", () =>
    Effect.gen(function* () {
      const { folder, edit } = yield* copy
      yield* edit("config.json", (text) => text.replace('"tie_word_embeddings": true', '"tie_word_embeddings": false'))
      assert.include(yield* refused(folder), 'found no weight "lm_head.weight"')
    })
  )

  it.effect("refuses weights that are not floating-point", () =>
    Effect.gen(function* () {
      const { fs, path, folder } = yield* copy
      const file = path.join(folder, "model.safetensors")
      const text = Buffer.from(yield* fs.readFile(file)).toString("latin1")
      yield* fs.writeFile(file, Buffer.from(text.replaceAll('"BF16"', '"I16" '), "latin1"))
      assert.include(yield* refused(folder), "is stored as I16, wanted F32, F16 or BF16")
    })
  )

  it.effect("refuses an unknown model type, and lists those it knows", () =>
    Effect.gen(function* () {
      const { folder, edit } = yield* copy
      yield* edit("config.json", (text) => text.replace('"model_type": "llama"', '"model_type": "mamba"'))
      assert.include(yield* refused(folder), '"model_type" is "mamba", wanted one of "llama"')
    })
  )

  it.effect("refuses a reward model where a policy is wanted", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(openCheckpoint("fixtures/model/reward", "causal"))
      assert.include(error.message, "found a reward model, wanted a causal model")
    })
  )
})

layer(Services)("writeCheckpoint()", (it) => {
  for (const name of ["untied-scaled-sharded", "tied-bias-bfloat16", "reward"]) {
    it.effect(`writes "${name}" so that it opens with the same config and weights`, () =>
      Effect.gen(function* () {
        const { fs, path } = yield* copy
        const from = yield* openCheckpoint(`fixtures/model/${name}`)
        const entries = yield* readCheckpointFiles(from.folder)
        const weights = new Map<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>()
        for (const { name: weight, shape } of from.parameters) {
          const entry = entries.get(weight)
          if (entry) weights.set(weight, { shape, data: yield* loadFloat32(entry) })
        }
        const into = path.join(yield* fs.makeTempDirectoryScoped(), "written")
        yield* writeCheckpoint({
          into,
          kind: from.kind,
          configFile: from.configFile,
          files: from.tokenizer.files,
          weights
        })
        const back = yield* openCheckpoint(into, from.kind)
        assert.deepStrictEqual(back.config, from.config)
        const written = yield* readCheckpointFiles(into)
        for (const [weight, { data }] of weights) {
          const entry = written.get(weight)
          assert.deepStrictEqual(entry && (yield* loadFloat32(entry)), data)
        }
        assert.deepStrictEqual(
          (yield* fs.readDirectory(path.dirname(into))).filter((file) => file.includes("tmp")),
          []
        )
      })
    )
  }
})
