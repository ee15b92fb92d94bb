import { existsSync, readFileSync } from "node:fs"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { type Embedded, openEncoder } from "../../src/embedding/mod.ts"
import { distance, Services } from "../recordings.ts"

/** What transformers and PyTorch computed, each text alone: see fixtures/embedding/record.py. */
interface Recorded {
  readonly texts: ReadonlyArray<string>
  readonly ids: ReadonlyArray<ReadonlyArray<number>>
  readonly vectors: ReadonlyArray<ReadonlyArray<number>>
  readonly cosines?: ReadonlyArray<number>
}

const recordings: Readonly<Record<"bert" | "all-MiniLM-L6-v2", Recorded>> = JSON.parse(
  readFileSync("fixtures/embedding/recordings.json", "utf8")
)

/** Float32 through all layers, summed in another order than PyTorch's; vectors have length 1. */
const parity = 1e-5

/** Rows that are filled up are summed in another order; vectors have length 1. */
const rounding = 1e-6

const folder = "fixtures/embedding/bert"
const real = "../shared/models/all-MiniLM-L6-v2"
const { bert, "all-MiniLM-L6-v2": miniLm } = recordings

const vectorsOf = ({ count, values, width }: Embedded) =>
  Array.from({ length: count }, (_, i) => values.subarray(i * width, (i + 1) * width))

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? Number.NaN), 0)

const farthest = (found: ReadonlyArray<Float32Array>, wanted: ReadonlyArray<ReadonlyArray<number>>) =>
  Math.max(...wanted.map((vector, i) => distance(found[i]?.subarray(0, vector.length) ?? [], vector)))

const refusal = Effect.fnUntraced(function* (change: object, files: Readonly<Record<string, string>> = {}) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const copy = join(yield* fs.makeTempDirectoryScoped(), "bert")
  yield* fs.copy(folder, copy)
  const config: object = JSON.parse(yield* fs.readFileString(join(copy, "config.json")))
  yield* fs.writeFileString(join(copy, "config.json"), JSON.stringify({ ...config, ...change }))
  yield* fs.makeDirectory(join(copy, "1_Pooling"))
  for (const [file, text] of Object.entries(files)) yield* fs.writeFileString(join(copy, file), text)
  const error = yield* Effect.flip(openEncoder(copy))
  return error.message.replaceAll(copy, "copy")
})

const pooling = (...modes: ReadonlyArray<string>) => ({
  "1_Pooling/config.json": JSON.stringify(Object.fromEntries(modes.map((mode) => [`pooling_mode_${mode}`, true])))
})

layer(Services)("openEncoder()", (it) => {
  it.effect("gives the vectors that transformers gives, whatever is cased, unknown, empty, special or too long", () =>
    Effect.gen(function* () {
      const encoder = yield* openEncoder(folder)
      assert.deepStrictEqual([encoder.width, encoder.maxTokens], [16, 12])
      const found = yield* encoder.embed(bert.texts)
      assert.isBelow(farthest(vectorsOf(found), bert.vectors), parity)
      // the last text has 13 words, and 12 tokens with [CLS] and [SEP]
      assert.deepStrictEqual([found.truncated, found.tokens], [1, bert.ids.flat().length])
    }).pipe(Effect.scoped)
  )

  it.effect("gives a text the same vector alone, beside others, and in another order, but for rounding", () =>
    Effect.gen(function* () {
      const [together, alone] = [yield* openEncoder(folder), yield* openEncoder(folder, { batchTokens: 1 })]
      const all = vectorsOf(yield* together.embed(bert.texts))
      const single = vectorsOf(yield* alone.embed(bert.texts))
      const turned = vectorsOf(yield* together.embed(bert.texts.toReversed())).toReversed()
      all.forEach((vector, i) => {
        assert.isBelow(distance(vector, single[i] ?? []), rounding)
        assert.isBelow(distance(vector, turned[i] ?? []), rounding)
        assert.isBelow(Math.abs(cosine(vector, vector) - 1), rounding)
      })
    }).pipe(Effect.scoped)
  )

  it.effect("reads a longer text where more tokens are asked for, and tells how many texts have been read", () =>
    Effect.gen(function* () {
      const encoder = yield* openEncoder(folder, { maxTokens: 20, batchTokens: 20 })
      const done: Array<number> = []
      const embedded = yield* encoder.embed(bert.texts.slice(-2), {
        onBatch: (count) => Effect.sync(() => void done.push(count))
      })
      assert.deepStrictEqual([embedded.truncated, done], [0, [1, 2]])
      assert.isAbove(distance(vectorsOf(embedded)[1] ?? [], bert.vectors.at(-1) ?? []), 0.01)
      const none = yield* encoder.embed([])
      assert.deepStrictEqual(none, { count: 0, width: 16, values: new Float32Array(0), truncated: 0, tokens: 0 })
    }).pipe(Effect.scoped)
  )

  it.effect("refuses what it would compute wrongly", () =>
    Effect.gen(function* () {
      const found = [
        yield* refusal({ model_type: "llama" }),
        yield* refusal({ hidden_act: "relu" }),
        yield* refusal({ position_embedding_type: "relative_key" }),
        yield* refusal({ num_attention_heads: 3 }),
        yield* refusal({ intermediate_size: 25 }),
        yield* refusal({}, pooling("mean_tokens", "max_tokens")),
        yield* refusal({}, { "sentence_bert_config.json": '{"max_seq_length": 2}' })
      ]
      assert.deepStrictEqual(found, [
        'Cannot open the sentence encoder "copy": "model_type" is "llama", wanted one of "bert"',
        'Cannot open the sentence encoder "copy": "hidden_act" of "config.json" is "relu", wanted "gelu"',
        'Cannot open the sentence encoder "copy": "position_embedding_type" of "config.json" is "relative_key", wanted "absolute"',
        'Cannot open the sentence encoder "copy": "num_attention_heads" of "config.json" is 3, wanted a divisor of 16',
        'Cannot open the model "copy": weight "encoder.layer.0.intermediate.dense.weight" has shape [24, 16], wanted [25, 16] by config.json',
        'Cannot open the sentence encoder "copy": "pooling_mode" of "1_Pooling/config.json" is pooling_mode_mean_tokens and pooling_mode_max_tokens, wanted pooling_mode_mean_tokens or pooling_mode_cls_token alone',
        'Cannot open the sentence encoder "copy": texts of at most 2 tokens are asked for, wanted 3 to 20'
      ])
    }).pipe(Effect.scoped)
  )

  it.effect.skipIf(!existsSync(real))(`gives all-MiniLM-L6-v2's vectors and cosines (skipped without ${real})`, () =>
    Effect.gen(function* () {
      const encoder = yield* openEncoder(real)
      const found = vectorsOf(yield* encoder.embed(miniLm.texts))
      assert.isBelow(farthest(found, miniLm.vectors), parity)
      const [first = new Float32Array(0)] = found
      const cosines = found.map((vector) => cosine(first, vector))
      assert.isBelow(distance(cosines, miniLm.cosines ?? []), parity)
      // the model card's: "That is a happy person" beside "… a happy dog" 0.695 and "… a very happy person" 0.943
      const [, , person = first, dog = first, very = first] = found
      assert.deepStrictEqual(
        [dog, very].map((other) => cosine(person, other).toFixed(3)),
        ["0.695", "0.943"]
      )
    }).pipe(Effect.scoped)
  )
})
