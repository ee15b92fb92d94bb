import { existsSync } from "node:fs"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { compare, type Comparison, isInstalled, type Reader, readers } from "../../bench/readers/compare.ts"
import { Services } from "../recordings.ts"

/** A conversation in the words of the fixtures' tokenizer, and other words of it. */
const texts = [
  "<bos><im_start> user\nname two things from the sea <im_end>\n<im_start> assistant\n",
  "<im_start> user\ngive me three words about bread please <im_end>",
  "whale and crab AND Pearl unheardof"
]

/** Models with tokenizers of pairs of bytes, and of pairs of letters as SentencePiece has it; and texts for them. */
const shared: Readonly<Record<string, ReadonlyArray<string>>> = {
  "../shared/models/minimind2-small": [
    "<|im_start|>user\n你好，请介绍一下你自己。<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>user\nWhy is the sky blue? It's 2024's  question —\n\n😀<|im_end|>\n<|im_start|>assistant\n"
  ],
  "../shared/models/stories260K": ["Once upon a time, there was a girl", "  Lily's  dog – 12 ünïcödé\n\nsaid: <s> hi"]
}

const maxNewTokens = 24

/** Every answer is the same to its end. */
const exactly = (found: Comparison): Comparison => ({ ...found, alike: found.tokens, same: found.prompts })

/** Families that llama.cpp computes without their windows: here without one, so that there is something to compare. */
const withoutWindow: Readonly<Record<string, object>> = {
  mistral: { sliding_window: null },
  qwen3: { use_sliding_window: false, layer_types: null },
  phi3: { sliding_window: null }
}

const all = ["tied-bias-bfloat16", "untied-scaled-sharded", "smollm2", "mistral", "qwen2", "qwen3", "gemma2", "phi3"]

/** WebAssembly reads the file that transformers.js reads, in seconds where that takes milliseconds. */
const fixturesOf: Readonly<Record<Reader, ReadonlyArray<string>>> = {
  llamaCpp: all,
  transformersJs: all,
  onnxruntimeWeb: ["tied-bias-bfloat16", "gemma2"]
}

/** A fixture's folder; for llama.cpp without a window where it has none. */
const modelFor = Effect.fnUntraced(function* (reader: Reader, name: string) {
  const fs = yield* FileSystem.FileSystem
  const given = `fixtures/model/${name}`
  const change = withoutWindow[name]
  if (readers[reader].format !== "gguf" || !change) return given
  const folder = `${yield* fs.makeTempDirectoryScoped()}/${name}`
  yield* fs.copy(given, folder)
  const config = JSON.parse(yield* fs.readFileString(`${folder}/config.json`))
  yield* fs.writeFileString(`${folder}/config.json`, JSON.stringify({ ...config, ...change }))
  return folder
})

layer(Services)("an export", (it) => {
  for (const reader of Object.keys(readers) as ReadonlyArray<Reader>) {
    // as: the keys of a literal
    for (const name of fixturesOf[reader]) {
      it.effect.skipIf(!isInstalled(reader))(`of "${name}" gives ${reader} our greedy tokens`, () =>
        Effect.gen(function* () {
          const model = yield* modelFor(reader, name)
          const found = yield* compare({ model, reader, dtype: "float32", texts, maxNewTokens })
          assert.deepStrictEqual(found, exactly(found))
          assert.isAbove(found.tokens, texts.length)
          if (reader !== "onnxruntimeWeb") {
            assert.deepStrictEqual([found.encodedAlike, found.sameTemplate], [texts.length, true])
          }
        }).pipe(Effect.scoped)
      )
    }
  }

  for (const reader of ["llamaCpp", "transformersJs"] as const) {
    for (const [model, given] of Object.entries(shared)) {
      it.effect.skipIf(!isInstalled(reader) || !existsSync(model))(
        `of "${model}" gives ${reader} our ids and our greedy tokens`,
        () =>
          Effect.gen(function* () {
            const found = yield* compare({ model, reader, dtype: "float32", texts: given, maxNewTokens })
            assert.deepStrictEqual(found, exactly(found))
            assert.strictEqual(found.encodedAlike, given.length)
          })
      )
    }
  }

  it.effect.skipIf(!isInstalled("llamaCpp"))("in 16 or 8 bits gives llama.cpp most of our greedy tokens", () =>
    Effect.gen(function* () {
      for (const dtype of ["bfloat16", "float16", "q8_0"]) {
        const model = "fixtures/model/tied-bias-bfloat16"
        const found = yield* compare({ model, reader: "llamaCpp", dtype, texts, maxNewTokens })
        // llama.cpp rounds what it multiplies by such weights too, and random weights leave many tokens close to each other
        assert.isAbove(found.alike / found.tokens, 0.25)
      }
    })
  )
})
