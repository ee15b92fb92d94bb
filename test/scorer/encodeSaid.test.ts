import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { encodeSaid, type Said } from "../../src/scorer/mod.ts"
import { encodePrompt, makeTokenizer } from "../../src/text/mod.ts"
import { openTokenizing } from "../../src/tokenizing/mod.ts"

const folder = "fixtures/garden/model"
const tokenizer = Result.getOrThrow(
  makeTokenizer({
    "tokenizer.json": readFileSync(`${folder}/tokenizer.json`, "utf8"),
    "tokenizer_config.json": readFileSync(`${folder}/tokenizer_config.json`, "utf8")
  })
)
const messages = [{ role: "user", content: "list two words about the sea" }] as const
const prompt = Result.getOrThrow(encodePrompt(tokenizer, messages, { contextLength: 64 }))
const end = tokenizer.eosIds[0] ?? -1
const words = Array.from(tokenizer.encode("crab anchor"))

/** The response part of what is scored, after the ids of the prompt. */
const scored = Effect.fnUntraced(function* (response: Said["response"], maxTokens = 64) {
  const tokenizing = yield* openTokenizing(tokenizer)
  const { ids, promptLength } = yield* encodeSaid(tokenizing, { messages, response }, { maxTokens })
  assert.deepStrictEqual(ids.subarray(0, promptLength), prompt)
  return Array.from(ids.subarray(promptLength))
}, Effect.scoped)

describe("encodeSaid()", () => {
  it.effect("takes the ids that were drawn, whatever the text would give", () =>
    Effect.gen(function* () {
      const ids = [...words, 1, 1, end]
      assert.deepStrictEqual(yield* scored({ text: "crab anchor", ids, finish: "stop" }), ids)
      assert.deepStrictEqual(yield* scored({ text: "", ids: [end], finish: "stop" }), [end])
    })
  )

  it.effect("without ids adds the end token where one was drawn, and only there", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* scored({ text: "crab anchor", finish: "stop" }), [...words, end])
      assert.deepStrictEqual(yield* scored({ text: "crab anchor", finish: "length" }), words)
    })
  )

  it.effect("lets a response that was cut fill the context, and refuses one token more", () =>
    Effect.gen(function* () {
      const length = prompt.length + words.length
      for (const ids of [{}, { ids: words }]) {
        const response = { text: "crab anchor", finish: "length" as const, ...ids }
        assert.deepStrictEqual(yield* scored(response, length), words)
        const refused = yield* Effect.flip(scored(response, length - 1))
        assert.strictEqual(refused.reason._tag, "SequenceTooLong")
      }
    })
  )
})
