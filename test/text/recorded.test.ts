import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { encodePair, makeTokenizer, renderChat, type TokenizerFiles } from "../../src/text/mod.ts"
import type { Message } from "../../schemas/mod.ts"

const shared = fileURLToPath(new URL("../../../shared/", import.meta.url))

/** What the reference gives: see fixtures/text/record_ids.py. */
const recorded: {
  readonly texts: ReadonlyArray<string>
  readonly messages: ReadonlyArray<ReadonlyArray<Message>>
  readonly tokenizers: Readonly<
    Record<string, { readonly ids: ReadonlyArray<ReadonlyArray<number>>; readonly chats?: ReadonlyArray<string> }>
  >
} = JSON.parse(readFileSync("fixtures/text/ids.json", "utf8"))

const read = (folder: string) => {
  const names = ["tokenizer.json", "tokenizer_config.json", "generation_config.json", "config.json"]
  const found = names.filter((name) => existsSync(`${folder}/${name}`))
  const files = Object.fromEntries(found.map((name) => [name, readFileSync(`${folder}/${name}`, "utf8")]))
  return Result.getOrThrow(makeTokenizer(files as unknown as TokenizerFiles)) // as: tokenizer.json is there
}

describe("makeTokenizer()", () => {
  for (const [name, { ids, chats = [] }] of Object.entries(recorded.tokenizers)) {
    it.skipIf(!existsSync(shared + name))(`gives the reference's ids and chats for "${name}"`, () => {
      const tokenizer = read(shared + name)
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
      const tokenizer = read(shared + name)
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
