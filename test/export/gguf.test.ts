import { assert, describe, it as plain, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { openSource } from "../../src/checkpoint/mod.ts"
import { encodeHeader } from "../../src/export/gguf/encodeHeader.ts"
import { interleaveRows } from "../../src/export/gguf/interleaveRows.ts"
import { modelName } from "../../src/export/gguf/modelName.ts"
import { quantize } from "../../src/export/gguf/quantize.ts"
import { ropeFactors } from "../../src/export/gguf/ropeFactors.ts"
import { tensorTypes } from "../../src/export/gguf/tensorTypes.ts"
import { writeGguf } from "../../src/export/gguf/writeGguf.ts"
import { Services } from "../recordings.ts"
import { exported } from "./exported.ts"
import { readGguf } from "./readGguf.ts"

/** Float32 of a number of the config. */
const { fround } = Math

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

describe("encodeHeader()", () => {
  plain("writes magic, version, counts, data and tensors in the bytes that the format says", () => {
    const metadata = {
      a: { uint32: 7 },
      b: { strings: ["x"] },
      c: { int32s: [-2] },
      d: { float32s: [1] },
      e: { float32: 1 },
      f: { bool: true },
      g: { string: "x" }
    }
    const tensors = [
      { name: "t", shape: [2, 3], type: tensorTypes.F16 },
      { name: "u", shape: [1], type: tensorTypes.F32 }
    ]
    const parts = [
      "47475546", // GGUF
      "03000000", // version
      "0200000000000000", // tensors
      "0700000000000000", // data
      "010000000000000061", // "a"
      "0400000007000000", // uint32 7
      "010000000000000062", // "b"
      "09000000080000000100000000000000", // array of one string
      "010000000000000078", // "x"
      "010000000000000063", // "c"
      "09000000050000000100000000000000feffffff", // array of one int32, −2
      "010000000000000064", // "d"
      "090000000600000001000000000000000000803f", // array of one float32, 1
      "010000000000000065", // "e"
      "060000000000803f", // float32 1
      "010000000000000066", // "f"
      "0700000001", // true
      "010000000000000067", // "g"
      "08000000010000000000000078", // "x"
      "010000000000000074", // "t"
      "0200000003000000000000000200000000000000", // two axes, the fastest first: 3, 2
      "010000000000000000000000", // float16 at 0
      "010000000000000075", // "u"
      "010000000100000000000000", // one axis: 1
      "000000002000000000000000" // float32 at 32: the 12 bytes of "t" are filled up
    ].join("")
    const size = parts.length / 2
    assert.strictEqual(hex(encodeHeader(metadata, tensors)), parts + "00".repeat(Math.ceil(size / 32) * 32 - size))
  })
})

describe("quantize()", () => {
  plain("gives 127 to the largest of 32 values, and half of it 64, halves away from zero", () => {
    const values = new Float32Array(96)
    values.set([-254, 253, 127, -127, 2, 1, 0.9])
    values.set([127, -1], 64)
    const bytes = quantize(values)
    assert.strictEqual(bytes.length, 3 * 34)
    const scaleOf = (block: number) => new DataView(bytes.buffer).getFloat16(block * 34, true)
    assert.deepStrictEqual([0, 1, 2].map(scaleOf), [2, 0, 1]) // 254 / 127, nothing, 127 / 127
    const valuesOf = (block: number) => [...new Int8Array(bytes.buffer, block * 34 + 2, 32)]
    assert.deepStrictEqual(valuesOf(0).slice(0, 8), [-127, 127, 64, -64, 1, 1, 0, 0])
    assert.deepStrictEqual(new Set(valuesOf(1)), new Set([0]))
    assert.deepStrictEqual(valuesOf(2).slice(0, 3), [127, -1, 0])
  })
})

const tensor = (name: string, ...values: ReadonlyArray<number>) => {
  const load = Effect.succeed(Float32Array.from(values))
  return { name, shape: [values.length], type: tensorTypes.F32, load }
}

layer(Services)("writeGguf()", (it) => {
  it.effect("fills each tensor up to 32 bytes, and refuses values that are not of its shape", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = `${yield* fs.makeTempDirectoryScoped()}/model.gguf`
      const [one, other] = [tensor("t", 1, 2, 3), tensor("u", 4, 5)]
      yield* writeGguf({ path, metadata: {}, tensors: [one, other] })
      const file = yield* fs.readFile(path)
      assert.strictEqual(file.length % 32, 0)
      const { tensors } = readGguf(file)
      const found = ["t", "u"].map((name) =>
        Array.from(new Float32Array(tensors[name]?.bytes.buffer ?? new ArrayBuffer()))
      )
      assert.deepStrictEqual(found, [
        [1, 2, 3],
        [4, 5]
      ])
      const { message } = yield* Effect.flip(writeGguf({ path, metadata: {}, tensors: [{ ...one, shape: [2, 2] }] }))
      assert.strictEqual(message, `Cannot write "${path}": tensor "t" has 12 bytes, wanted 16 bytes for shape [2, 2]`)
    }).pipe(Effect.scoped)
  )
})

describe("interleaveRows()", () => {
  plain("puts row i and row i + half of each head side by side", () => {
    const rows = Float32Array.from([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 10, 10.5, 11, 11.5, 12, 12.5, 13, 13.5])
    assert.deepStrictEqual(
      [...interleaveRows(rows, 2, 4)],
      [0, 0.5, 2, 2.5, 1, 1.5, 3, 3.5, 10, 10.5, 12, 12.5, 11, 11.5, 13, 13.5]
    )
    assert.deepStrictEqual([...interleaveRows(Float32Array.of(0, 1, 2, 3), 1, 4)], [0, 2, 1, 3])
  })
})

layer(Services)("gguf", (it) => {
  it.effect("says the shape, the tokenizer and the chat template of a model", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const model = "fixtures/model/tied-bias-bfloat16"
      const { metadata, version } = readGguf(yield* fs.readFile(yield* exported(model, "gguf")))
      const { tokenizer } = yield* openSource(model)
      const { "tokenizer.ggml.token_type": types, "tokenizer.ggml.tokens": tokens, ...rest } = metadata
      assert.deepStrictEqual(rest, {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "tied-bias-bfloat16",
        "general.file_type": 0,
        "general.quantization_version": 2,
        "llama.context_length": 64,
        "llama.block_count": 2,
        "llama.embedding_length": 32,
        "llama.feed_forward_length": 48,
        "llama.vocab_size": 188,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.attention.key_length": 16,
        "llama.attention.value_length": 16,
        "llama.attention.layer_norm_rms_epsilon": fround(1e-6),
        "llama.rope.dimension_count": 16,
        "llama.rope.freq_base": 10_000,
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 3,
        "tokenizer.ggml.unknown_token_id": 4,
        "tokenizer.ggml.padding_token_id": 0,
        "tokenizer.ggml.add_bos_token": false,
        "tokenizer.ggml.add_eos_token": false,
        "tokenizer.ggml.add_space_prefix": false,
        "tokenizer.ggml.normalizer.lowercase": false,
        "tokenizer.ggml.normalizer.strip_accents": false,
        "tokenizer.ggml.add_sep_token": false,
        "tokenizer.chat_template": tokenizer.chatTemplate
      })
      assert.strictEqual(version, 3)
      const words = tokens as ReadonlyArray<string> // as: the file's list of tokens
      assert.deepStrictEqual(words.slice(0, 6), [
        "<pad>",
        "<bos>",
        "<im_start>",
        "<im_end>",
        "<unk>",
        `▁${tokenizer.tokenOf(5)}`
      ])
      assert.strictEqual(words.length, 188)
      assert.deepStrictEqual((types as ReadonlyArray<number>).slice(0, 6), [3, 3, 3, 3, 2, 1]) // as: the file's list of types
    }).pipe(Effect.scoped)
  )

  it.effect("holds the values of every weight, queries and keys in llama.cpp's order, a tied head once", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const model = "fixtures/model/tied-bias-bfloat16"
      const { tensors } = readGguf(yield* fs.readFile(yield* exported(model, "gguf")))
      const { load, parameters } = yield* openSource(model)
      const valuesOf = (name: string) => [...new Float32Array(tensors[name]?.bytes.buffer ?? new ArrayBuffer())]
      assert.strictEqual(Object.keys(tensors).length, parameters.length)
      assert.notProperty(tensors, "output.weight")
      assert.deepStrictEqual(tensors["token_embd.weight"]?.axes, [32, 188])
      assert.deepStrictEqual(valuesOf("token_embd.weight"), [...(yield* load("model.embed_tokens.weight"))])
      assert.deepStrictEqual(valuesOf("blk.1.ffn_down.weight"), [
        ...(yield* load("model.layers.1.mlp.down_proj.weight"))
      ])
      for (const [name, kind] of [
        ["attn_k.bias", "bias"],
        ["attn_k.weight", "weight"]
      ] as const) {
        const values = yield* load(`model.layers.0.self_attn.k_proj.${kind}`)
        const rows = Array.from({ length: 32 }, (_, i) =>
          values.subarray((i * values.length) / 32, ((i + 1) * values.length) / 32)
        )
        // 2 heads of 16: 0, 8, 1, 9, … and then 16, 24, 17, 25, …
        const order = Array.from(
          { length: 32 },
          (_, i) => 16 * Math.floor(i / 16) + (i % 2) * 8 + Math.floor((i % 16) / 2)
        )
        assert.deepStrictEqual(
          valuesOf(`blk.0.${name}`),
          order.flatMap((row) => Array.from(rows[row] ?? []))
        )
      }
    }).pipe(Effect.scoped)
  )

  it.effect("stores matrices in the type that was asked for, and vectors as float32", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const typesOf = (model: string, dtype: string) =>
        Effect.gen(function* () {
          const { metadata, tensors } = readGguf(yield* fs.readFile(yield* exported(model, "gguf", { dtype })))
          const types = ["token_embd.weight", "blk.0.attn_norm.weight"].map((name) => tensors[name]?.type)
          return [metadata["general.file_type"], ...types]
        })
      const wide = "fixtures/model/tied-bias-bfloat16" // rows of 32
      const narrow = "fixtures/model/smollm2" // rows of 24, no whole number of blocks
      assert.deepStrictEqual(yield* typesOf(wide, "float16"), [1, 1, 0])
      assert.deepStrictEqual(yield* typesOf(wide, "bfloat16"), [32, 30, 0])
      assert.deepStrictEqual(yield* typesOf(wide, "q8_0"), [7, 8, 0])
      assert.deepStrictEqual(yield* typesOf(narrow, "q8_0"), [7, 1, 0])
    }).pipe(Effect.scoped)
  )

  it.effect("ends the context at the window where llama.cpp has none for the family, and writes Gemma 2's", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const metadataOf = (name: string) =>
        Effect.map(
          Effect.flatMap(exported(`fixtures/model/${name}`, "gguf"), fs.readFile),
          (file) => readGguf(file).metadata
        )
      assert.strictEqual((yield* metadataOf("mistral"))["llama.context_length"], 5)
      const gemma = yield* metadataOf("gemma2")
      assert.deepStrictEqual(
        ["context_length", "attention.sliding_window", "attn_logit_softcapping", "final_logit_softcapping"].map(
          (key) => gemma[`gemma2.${key}`]
        ),
        [64, 5, 2, 1]
      )
    }).pipe(Effect.scoped)
  )

  it.effect("leaves a Llama 3 scaling to one factor a pair", () =>
    Effect.gen(function* () {
      const { config } = yield* openSource("fixtures/model/tied-bias-bfloat16")
      // 8 pairs turn 1024·10000^(−i/8)/2π times in the old context: 163, 51.5, 16.3, 5.2, 1.6, 0.5, 0.2, 0.1
      const rope_scaling = {
        rope_type: "llama3" as const,
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 1024
      }
      const found = [...(ropeFactors({ ...config, rope_scaling }) ?? [])]
      const smooth = ((1024 * 10_000 ** -0.5) / (2 * Math.PI) - 1) / 3
      assert.deepStrictEqual(found, [1, 1, 1, 1, fround(1 / ((1 - smooth) / 8 + smooth)), 8, 8, 8])
      assert.isUndefined(ropeFactors(config))
    })
  )

  it.effect('says "phi3" in the name of a Phi-3 with its tokens alone, since llama.cpp looks them up', () =>
    Effect.gen(function* () {
      const { config, tokenizer } = yield* openSource("fixtures/model/phi3")
      const own = '"<unk>" "<s>" "</s>" "<|endoftext|>"'
      const real = { config, tokenizer: { ...tokenizer, files: { "tokenizer.json": own } } }
      assert.strictEqual(modelName("my-Phi3-a", { config, tokenizer }), "my-phi 3-a")
      assert.deepStrictEqual([modelName("out", real), modelName("phi-3-mini", real)], ["out (phi3)", "phi-3-mini"])
    })
  )
})
