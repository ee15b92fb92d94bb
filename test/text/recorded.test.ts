import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { encodePair, renderChat } from "../../src/text/mod.ts"
import type { Message } from "../../schemas/mod.ts"
import { readTokenizer, shared } from "./tokenizers.ts"

/** What the reference gives: see fixtures/text/record_ids.py. */
const recorded: {
  readonly texts: ReadonlyArray<string>
  readonly messages: ReadonlyArray<ReadonlyArray<Message>>
  readonly tokenizers: Readonly<
    Record<string, { readonly ids: ReadonlyArray<ReadonlyArray<number>>; readonly chats?: ReadonlyArray<string> }>
  >
} = JSON.parse(readFileSync("fixtures/text/ids.json", "utf8"))

describe("makeTokenizer()", () => {
  for (const [name, { ids, chats = [] }] of Object.entries(recorded.tokenizers)) {
    it.skipIf(!existsSync(shared + name))(`gives the reference's ids and chats for "${name}"`, () => {
      const tokenizer = readTokenizer(shared + name)
      assert.deepStrictEqual(
        recorded.texts.map((text) => Array.from(tokenizer.encode(text))),
        ids
      )
      chats.forEach((chat, i) => {
        const found = renderChat(tokenizer, recorded.messages[i] ?? [], { addGenerationPrompt: true })
        assert.strictEqual(Result.getOrThrow(found), chat)
      })
    })

    it.skipIf(!existsSync(shared + name) || chats.length === 0)(`ends a response once for "${name}"`, () => {
      const tokenizer = readTokenizer(shared + name)
      const pair = encodePair(tokenizer, recorded.messages[0] ?? [], "Blue, as a rule.", { maxTokens: 512 })
      const { ids: pairIds, promptLength } = Result.getOrThrow(pair)
      const response = Array.from(pairIds.subarray(promptLength))
      assert.deepStrictEqual(
        response.map((id) => tokenizer.eosIds.includes(id)),
        [...response.slice(1).map(() => false), true]
      )
      assert.strictEqual(tokenizer.decode(response, { skipSpecialTokens: true }), "Blue, as a rule.")
      assert.isTrue(tokenizer.bosId === undefined || pairIds[1] !== tokenizer.bosId || pairIds[0] !== tokenizer.bosId)
    })
  }
})
