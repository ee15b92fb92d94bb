import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { encodeConversation, encodePair } from "../../src/text/mod.ts"
import { conversation, encode, learnedOf, refused, user } from "./conversation.ts"
import { garden, readTokenizer } from "./tokenizers.ts"

describe("encodeConversation()", () => {
  it("learns every assistant turn with its end token, and nothing else", () => {
    const found = encode(garden, conversation, "oak fox", { turns: "all" })
    assert.deepStrictEqual(
      Array.from(found.ids, garden.tokenOf).join(" "),
      "<bos> <im_start> user name crab <im_end> <im_start> assistant crab anchor <im_end> <im_start> user list oak <im_end> <im_start> assistant oak fox <im_end>"
    )
    assert.deepStrictEqual(
      Array.from(found.learned ?? []),
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    )
    assert.deepStrictEqual([found.promptLength, found.responseStart, found.apart], [8, 18, 0])
  })

  it("learns the last turn alone when told to, and needs no mask for it", () => {
    const found = encode(garden, conversation, "oak fox", { turns: "last" })
    assert.deepStrictEqual([found.promptLength, found.learned], [18, undefined])
    const { ids } = encode(garden, conversation, "oak fox", { turns: "all" })
    assert.deepStrictEqual(found.ids, ids)
  })

  it("needs no mask for one turn, whichever turns are learned", () => {
    const [all, last] = (["all", "last"] as const).map((turns) => encode(garden, [user("list oak")], "fox", { turns }))
    assert.deepStrictEqual(all, last)
    assert.strictEqual(all?.learned, undefined)
  })

  it("learns what follows the last end token only when told to", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ m.content ~ ' <im_end> then ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const found = (["leave", "learn"] as const).map((afterEnd) =>
      learnedOf(tokenizer, encode(tokenizer, [user("crab")], "oak", { afterEnd }))
    )
    assert.deepStrictEqual(found, [
      ["oak", "<im_end>"],
      ["oak", "<im_end>", "then"]
    ])
  })

  it("adds the tokenizer's end token where the template prints none", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ m.content ~ '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const found = encode(tokenizer, conversation, "oak fox", { turns: "all" })
    assert.deepStrictEqual(learnedOf(tokenizer, found), ["crab", "anchor", "oak", "fox", "<im_end>"])
  })

  it("learns what the template puts before the response, which the prompt does not hold", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ ('then ' if m.role == 'assistant' else '') ~ m.content ~ ' <im_end> ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    assert.deepStrictEqual(learnedOf(tokenizer, encode(tokenizer, [user("crab")], "oak")), ["then", "oak", "<im_end>"])
  })

  it("learns the response as the template prints it, with one end token", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ m.content | replace('oak', 'taxi') ~ ' <im_end> ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const found = encode(tokenizer, [user("crab")], "oak fox")
    assert.deepStrictEqual(learnedOf(tokenizer, found), ["taxi", "fox", "<im_end>"])
  })

  it("refuses an earlier turn that the template prints otherwise once others follow, and names it", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ ('then ' if loop.last else '') ~ m.content ~ ' <im_end> ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const reason = refused(encodeConversation(tokenizer, conversation, "oak", { turns: "all" }))
    assert.deepInclude({ ...reason }, { _tag: "PromptNotPrefix", turn: 2 })
  })

  it("refuses a template that marks nothing of the response", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ m.content }}{% endfor %}{% generation %}{% endgeneration %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    assert.strictEqual(refused(encodeConversation(tokenizer, conversation, "oak"))._tag, "NothingMarked")
  })

  it("learns exactly what the template marks, though it leaves out the end token", () => {
    const template =
      "{% for m in messages %}{{ '<im_start> ' ~ m.role ~ ' ' }}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{{ ' <im_end> ' }}{% endfor %}{% if add_generation_prompt %}{{ '<im_start> assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const both = (["all", "last"] as const).map((turns) =>
      learnedOf(tokenizer, encode(tokenizer, conversation, "oak fox", { turns }))
    )
    assert.deepStrictEqual(both, [
      ["crab", "anchor", "oak", "fox"],
      ["oak", "fox"]
    ])
    assert.strictEqual(tokenizer.tokenOf(encode(tokenizer, conversation, "oak").ids.at(-1) ?? -1), "<im_end>")
  })
})

describe("encodePair()", () => {
  it("is the conversation with its last turn learned", () => {
    const { ids, responseStart } = encode(garden, conversation, "oak fox")
    const pair = Result.getOrThrow(encodePair(garden, conversation, "oak fox", { maxTokens: 64 }))
    assert.deepStrictEqual(pair, { ids, promptLength: responseStart })
  })
})
