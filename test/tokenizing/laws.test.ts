import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Tokenizer } from "../../src/text/mod.ts"
import { mostAtOnce, openTokenizing } from "../../src/tokenizing/mod.ts"
import { readTokenizer, shared } from "../text/tokenizers.ts"

/** Characters of many kinds, special tokens' names and spaces among them, beyond what is read on the calling thread. */
const mixed = Array.from(
  { length: 450 },
  (_, i) =>
    ["word", "Ünïcödé", "漢字かな", "👩‍👩‍👧", "  \n\t", "</s><|im_end|>", "3.14159", "don't", "\u0000\uFFFD"][
      (i * 7) % 9
    ] ?? ""
).join(" ")
const oneWord = "ab".repeat(mostAtOnce / 2 + 1)
const texts = [mixed, oneWord]

const others = ["tokenizers/gpt2", "tokenizers/llama3", "tokenizers/qwen2_5", "models/stories15M"]
const folders = ["fixtures/garden/model", ...others.map((name) => shared + name)]

/** Texts as ids by the library alone, beside what a thread gives. */
const bothWays = Effect.fnUntraced(function* (tokenizer: Tokenizer) {
  const { run } = yield* openTokenizing(tokenizer)
  const found = yield* Effect.forEach(texts, (text) => run("encode", text))
  assert.isTrue(texts.every((text) => text.length > mostAtOnce))
  return { found, wanted: texts.map(tokenizer.encode) }
}, Effect.scoped)

describe("openTokenizing().run()", () => {
  for (const folder of folders) {
    it.effect.skipIf(!existsSync(`${folder}/tokenizer.json`))(
      `gives the ids of the library for long texts: ${folder.split("/").at(-1)}`,
      () =>
        Effect.gen(function* () {
          const { found, wanted } = yield* bothWays(readTokenizer(folder))
          assert.deepStrictEqual(found, wanted)
        })
    )
  }
})
