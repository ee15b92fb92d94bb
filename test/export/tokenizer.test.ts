import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { describeTokenizer } from "../../src/export/gguf/tokenizer/describeTokenizer.ts"
import type { Metadata } from "../../src/export/gguf/Metadata.ts"
import { makeTokenizer } from "../../src/text/mod.ts"

const special = (id: number, content: string, is = true) => ({
  id,
  content,
  special: is,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false
})

interface Given {
  readonly model: object
  readonly added?: ReadonlyArray<object>
  readonly normalizer?: object
  readonly pre_tokenizer?: object
  readonly post_processor?: object
  readonly config?: object
}

/** What a GGUF file says of a tokenizer. */
const describedOf = ({ added = [], config = {}, model, ...steps }: Given, vocabSize: number) => {
  const json = {
    version: "1.0",
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null
  }
  const tokenizer = Result.getOrThrow(
    makeTokenizer({
      "tokenizer.json": JSON.stringify({ ...json, ...steps, model }),
      "tokenizer_config.json": JSON.stringify(config)
    })
  )
  return describeTokenizer(tokenizer, vocabSize)
}

const described = (given: Given, vocabSize: number): Metadata => Result.getOrThrow(describedOf(given, vocabSize))

const refused = (given: Given, vocabSize: number): string => {
  const found = describedOf(given, vocabSize)
  return Result.isFailure(found) ? found.failure.message : "nothing"
}

const gpt2 = { type: "ByteLevel", add_prefix_space: false, use_regex: true }
const bytes = { ...gpt2, use_regex: false }
const byteLevelModel = { type: "BPE", vocab: { a: 0, b: 1, ab: 2, Ġ: 3 }, merges: [["a", "b"]] }
const split = (Regex: string) => ({
  type: "Sequence",
  pretokenizers: [{ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false }, bytes]
})
const llama3 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

describe("describeTokenizer()", () => {
  it("gives bytes' pairs with their merges, the types of tokens, and unused tokens up to the model's size", () => {
    const found = described(
      {
        model: byteLevelModel,
        added: [special(4, "<s>"), special(5, "<think>", false)],
        pre_tokenizer: gpt2,
        config: { bos_token: "<s>", eos_token: "<s>", chat_template: "hi" }
      },
      7
    )
    assert.deepStrictEqual(found, {
      "tokenizer.ggml.model": { string: "gpt2" },
      "tokenizer.ggml.pre": { string: "gpt-2" },
      "tokenizer.ggml.tokens": { strings: ["a", "b", "ab", "Ġ", "<s>", "<think>", "[PAD6]"] },
      "tokenizer.ggml.token_type": { int32s: [1, 1, 1, 1, 3, 4, 5] },
      "tokenizer.ggml.merges": { strings: ["a b"] },
      "tokenizer.ggml.bos_token_id": { uint32: 4 },
      "tokenizer.ggml.eos_token_id": { uint32: 4 },
      "tokenizer.ggml.add_bos_token": { bool: false },
      "tokenizer.ggml.add_eos_token": { bool: false },
      "tokenizer.ggml.add_space_prefix": { bool: false },
      "tokenizer.chat_template": { string: "hi" }
    })
  })

  it("names the way in which a text is split", () => {
    const digits = { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, gpt2] }
    const preOf = (pre_tokenizer: object, model: object = byteLevelModel) =>
      described({ model, pre_tokenizer }, 4)["tokenizer.ggml.pre"]
    assert.deepStrictEqual(preOf(digits), { string: "smollm" })
    assert.deepStrictEqual(preOf(split(llama3.replace("{1,3}", ""))), { string: "qwen2" })
    assert.deepStrictEqual(preOf(split(llama3)), { string: "smaug-bpe" })
    assert.deepStrictEqual(preOf(split(llama3), { ...byteLevelModel, ignore_merges: true }), { string: "llama-bpe" })
  })

  it("scores SentencePiece's tokens by the rank of the merge that makes them, and knows bytes and the unknown", () => {
    const model = {
      type: "BPE",
      vocab: { "<unk>": 0, "<0x0A>": 1, a: 2, b: 3, ab: 4, "▁": 5, "▁ab": 6 },
      merges: ["a b", "▁ ab"],
      unk_token: "<unk>",
      byte_fallback: true
    }
    const prepend = {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" }
      ]
    }
    const template = {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<unk>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [],
      special_tokens: {}
    }
    const config = { bos_token: "<unk>", eos_token: "<unk>", unk_token: "<unk>" }
    const added = [special(0, "<unk>")]
    const found = described({ model, added, normalizer: prepend, post_processor: template, config }, 7)
    assert.deepStrictEqual(found["tokenizer.ggml.scores"], { float32s: [-2, -2, -2, -2, -0, -2, -1] })
    assert.deepStrictEqual(found["tokenizer.ggml.token_type"], { int32s: [2, 6, 1, 1, 1, 1, 1] })
    assert.deepStrictEqual(found["tokenizer.ggml.model"], { string: "llama" })
    assert.deepStrictEqual(found["tokenizer.ggml.add_space_prefix"], { bool: true })
    assert.deepStrictEqual(found["tokenizer.ggml.add_bos_token"], { bool: true })
    assert.include(
      refused({ model, normalizer: { type: "Lowercase" } }, 7),
      'has the step {"type":"Lowercase"}, wanted steps that write "▁" for spaces alone'
    )
    // a template that begins with the text, and none, where the config decides
    const bosOf = (given: Omit<Given, "model">) =>
      described({ model, added, normalizer: prepend, ...given }, 7)["tokenizer.ggml.add_bos_token"]
    const textFirst = { ...template, single: template.single.toReversed() }
    assert.deepStrictEqual(bosOf({ config, post_processor: textFirst }), { bool: false })
    assert.deepStrictEqual(bosOf({ config, post_processor: { ...textFirst, single: template.single.slice(1) } }), {
      bool: false
    })
    assert.deepStrictEqual(bosOf({ config: { ...config, add_bos_token: true } }), { bool: true })
    assert.deepStrictEqual(bosOf({ config }), { bool: false })
  })

  it("reads SentencePiece's marks for spaces from a Metaspace, or a split that finds no space", () => {
    const vocab = { "<unk>": 0, "<0x0A>": 1, a: 2, "▁": 3 }
    const model = { type: "BPE", vocab, merges: [], unk_token: "<unk>", byte_fallback: true }
    const meta = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false }
    const prefixOf = (pre_tokenizer: object, normalizer?: object) =>
      described({ model, pre_tokenizer, ...(normalizer && { normalizer }) }, 4)["tokenizer.ggml.add_space_prefix"]
    assert.deepStrictEqual(prefixOf(meta), { bool: true })
    assert.deepStrictEqual(prefixOf({ ...meta, prepend_scheme: "never" }), { bool: false })
    const replace = { type: "Replace", pattern: { String: " " }, content: "▁" }
    const space = { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false }
    assert.deepStrictEqual(prefixOf(space, replace), { bool: false })
    for (const pre_tokenizer of [
      { ...meta, split: true },
      { ...meta, replacement: "_" },
      { ...space, pattern: { String: "a" } }
    ]) {
      assert.include(refused({ model, pre_tokenizer }, 4), "wanted steps that write", JSON.stringify(pre_tokenizer))
    }
    for (const normalizer of [
      { type: "Prepend", prepend: "_" },
      { ...replace, content: "_" }
    ]) {
      assert.include(refused({ model, normalizer }, 4), "wanted steps that write", JSON.stringify(normalizer))
    }
  })

  it("refuses what llama.cpp would read in another way, and says what it would read", () => {
    const wordLevel = { type: "WordLevel", vocab: { a: 0, "b-c": 1 }, unk_token: "a" }
    const whitespace = { type: "WhitespaceSplit" }
    const twice = { type: "Sequence", pretokenizers: [whitespace, whitespace] }
    const cases: ReadonlyArray<readonly [string, Given, number, string]> = [
      [
        "a split",
        { model: byteLevelModel, pre_tokenizer: split("\\d+") },
        4,
        'wanted that of "gpt-2", "smollm", "qwen2", "llama-bpe", "smaug-bpe"'
      ],
      [
        "a prefix",
        { model: byteLevelModel, pre_tokenizer: { ...gpt2, add_prefix_space: true } },
        4,
        '"add_prefix_space" true, wanted false'
      ],
      [
        "a normalizer",
        { model: byteLevelModel, pre_tokenizer: gpt2, normalizer: { type: "Lowercase" } },
        4,
        'the normalizer "Lowercase", wanted "NFC", or none'
      ],
      [
        "too many tokens",
        { model: byteLevelModel, pre_tokenizer: gpt2 },
        3,
        'the token "Ġ" with id 3, wanted ids below "vocab_size", 3'
      ],
      [
        "a word",
        { model: wordLevel, pre_tokenizer: whitespace },
        2,
        'the word "b-c", wanted words of the letters a to z'
      ],
      [
        "a mark for what goes on a word",
        { model: { ...byteLevelModel, continuing_subword_prefix: "##" }, pre_tokenizer: gpt2 },
        4,
        "marks inside of words, wanted none"
      ],
      [
        "a mark for what ends a word",
        { model: { ...byteLevelModel, end_of_word_suffix: "</w>" }, pre_tokenizer: gpt2 },
        4,
        "marks inside of words, wanted none"
      ],
      [
        "words by their letters",
        { model: { ...wordLevel, vocab: { a: 0 } }, pre_tokenizer: { type: "Whitespace" } },
        1,
        'words split by ["Whitespace"], wanted "WhitespaceSplit" alone'
      ],
      [
        "words in two steps",
        { model: { ...wordLevel, vocab: { a: 0 } }, pre_tokenizer: twice },
        1,
        'words split by ["WhitespaceSplit","WhitespaceSplit"], wanted'
      ],
      ["a unigram", { model: { type: "Unigram", vocab: [["a", 0]], unk_id: 0 } }, 1, 'a model of type "Unigram"']
    ]
    for (const [what, given, size, sentence] of cases) assert.include(refused(given, size), sentence, what)
  })

  for (const [name, pre] of [
    ["llama3", "llama-bpe"],
    ["qwen2_5", "qwen2"],
    ["gpt2", "gpt-2"]
  ] as const) {
    const folder = `../shared/tokenizers/${name}`
    it.skipIf(!existsSync(folder))(`knows the tokenizer of ${name} as "${pre}"`, () => {
      const tokenizer = Result.getOrThrow(
        makeTokenizer({
          "tokenizer.json": readFileSync(`${folder}/tokenizer.json`, "utf8"),
          "tokenizer_config.json": readFileSync(`${folder}/tokenizer_config.json`, "utf8")
        })
      )
      const found = Result.getOrThrow(describeTokenizer(tokenizer, tokenizer.vocabularySize))
      assert.deepStrictEqual(found["tokenizer.ggml.pre"], { string: pre })
    })
  }
})
