import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { encodePair, encodePrompt, makeTokenizer, type TextError, type TokenizerFiles } from "../../src/text/mod.ts"

const folder = "fixtures/garden/model"
const files: TokenizerFiles = {
  "tokenizer.json": readFileSync(`${folder}/tokenizer.json`, "utf8"),
  "tokenizer_config.json": readFileSync(`${folder}/tokenizer_config.json`, "utf8")
}
const withTemplate = (template: string | undefined): TokenizerFiles => {
  const { chat_template: _, ...rest } = JSON.parse(files["tokenizer_config.json"] ?? "{}")
  return {
    ...files,
    "tokenizer_config.json": JSON.stringify(template === undefined ? rest : { ...rest, chat_template: template })
  }
}
const tokenizer = Result.getOrThrow(makeTokenizer(files))
const messages = [{ role: "user", content: "list two words about the sea" }] as const

const refused = <A>(result: Result.Result<A, TextError>): string => Result.getOrThrow(Result.flip(result)).message

const within = (maxTokens: number) => encodePair(tokenizer, messages, "crab", { maxTokens })

const asking = (contextLength: number) => encodePrompt(tokenizer, messages, { contextLength })

describe("encodePair()", () => {
  it("gives the prompt's ids, the response's, and one end token", () => {
    const prompt = Result.getOrThrow(encodePrompt(tokenizer, messages, { contextLength: 64 }))
    const { ids, promptLength } = Result.getOrThrow(encodePair(tokenizer, messages, "crab anchor", { maxTokens: 64 }))
    assert.deepStrictEqual(ids.subarray(0, promptLength), prompt)
    assert.deepStrictEqual(
      ids.subarray(promptLength),
      Int32Array.of(...tokenizer.encode("crab anchor"), tokenizer.eosIds[0] ?? -1)
    )
  })

  it("keeps one first token where the template prints two", () => {
    const doubled = Result.getOrThrow(
      makeTokenizer(withTemplate("{{ bos_token }} {{ bos_token }} {{ messages[0].content }}"))
    )
    const ids = Result.getOrThrow(encodePrompt(doubled, messages, { contextLength: 64 }))
    assert.deepStrictEqual([ids[0] === doubled.bosId, ids[1] === doubled.bosId], [true, false])
  })

  it("refuses an empty response, unless it was drawn", () => {
    assert.strictEqual(
      refused(encodePair(tokenizer, messages, " ", { maxTokens: 64 })),
      "Cannot encode the response: found an empty text, wanted at least one character"
    )
    const drawn = Result.getOrThrow(encodePair(tokenizer, messages, "", { maxTokens: 64, emptyResponse: "allow" }))
    assert.strictEqual(drawn.ids.length, drawn.promptLength + 1)
  })

  it("takes what just fits, the prompt with a token left for a response, and refuses more, with both lengths", () => {
    const { length } = Result.getOrThrow(within(64)).ids
    assert.strictEqual(Result.getOrThrow(within(length)).ids.length, length)
    assert.strictEqual(
      refused(within(length - 1)),
      `Cannot encode prompt and response: found ${length} tokens, wanted at most ${length - 1}`
    )
    const { length: asked } = Result.getOrThrow(asking(64))
    assert.strictEqual(Result.getOrThrow(asking(asked + 1)).length, asked)
    assert.strictEqual(
      refused(asking(asked)),
      `Cannot encode the prompt: found ${asked} tokens, wanted fewer than the context of ${asked}`
    )
  })

  it("refuses a template that changes the prompt once a response is there, and shows where, ten characters before", () => {
    const template =
      "{{ messages[0].content }} {% if messages | length > 1 %}crab {{ messages[1].content }}{% else %}whale {% endif %}"
    const odd = Result.getOrThrow(makeTokenizer(withTemplate(template)))
    assert.strictEqual(
      refused(encodePair(odd, messages, "crab", { maxTokens: 64 })),
      'Cannot tell prompt from response at message 2: the chat template prints "t the sea whale ", but "t the sea crab crab" in its place once more is added'
    )
  })

  it("says what to look for when there is no template, and what a template complains of", () => {
    const bare = Result.getOrThrow(makeTokenizer(withTemplate(undefined)))
    assert.include(refused(encodePair(bare, messages, "crab", { maxTokens: 64 })), 'found no "chat_template"')
    const strict = Result.getOrThrow(makeTokenizer(withTemplate("{{ raise_exception('only system') }}")))
    assert.include(
      refused(encodePair(strict, messages, "crab", { maxTokens: 64 })),
      'the chat template says "only system"'
    )
  })

  it("joins more ids than a stack holds as arguments", () => {
    const words = 200_000
    const long = [{ role: "user", content: "crab ".repeat(words) }] as const
    const { ids, promptLength } = Result.getOrThrow(encodePair(tokenizer, long, "anchor", { maxTokens: 1e6 }))
    assert.isAbove(promptLength, words)
    assert.deepStrictEqual(
      Array.from(ids.subarray(promptLength, promptLength + 1)),
      Array.from(tokenizer.encode("anchor"))
    )
  })

  it("refuses a tokenizer that is not JSON, and names the file", () => {
    assert.include(refused(makeTokenizer({ "tokenizer.json": "{" })), 'Cannot read "tokenizer.json"')
  })
})
