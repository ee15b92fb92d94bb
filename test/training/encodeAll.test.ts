import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import type { Demonstration, Message, Preference } from "../../schemas/mod.ts"
import { encodeAll, type EncodeOptions, type Example } from "../../src/training/encoding/mod.ts"
import { learnedCount } from "../../src/model/mod.ts"
import { garden, readTokenizer, shared } from "../text/tokenizers.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })

const pair = (promptId: string, chosen: string, rejected: string, asked = "list oak"): Preference => ({
  promptId,
  messages: [user(asked)],
  chosen,
  rejected,
  margin: 1
})
const shown = (promptId: string, response: string, ...earlier: ReadonlyArray<Message>): Demonstration => ({
  promptId,
  messages: [...earlier, user("list oak")],
  response
})

const encode = (examples: ReadonlyArray<Example>, options: Partial<EncodeOptions> = {}) =>
  encodeAll(examples, { tokenizer: garden, maxTokens: 64, lengthPolicy: "error", ...options })

const qwen = `${shared}tokenizers/qwen2_5`

const messagesOf = ({ problems }: ReturnType<typeof encode>) => problems.map(({ message }) => message)

/** Where sequences begin and end under a tokenizer. */
const countsOf = (tokenizer: typeof garden, response: string) => {
  const { ends, starts } = encode([shown("d", response)], { tokenizer }).audit
  return { starts, ends }
}

describe("encodeAll()", () => {
  it("gives chosen before rejected, and counts everything", () => {
    const { audit, encoded, problems } = encode([pair("p", "crab anchor", "fox"), pair("q", "fox", "")])
    assert.deepStrictEqual(
      encoded.map(({ promptId, sequences }) => [promptId, sequences.map(learnedCount)]),
      [
        ["p", [3, 2]],
        ["q", [2, 1]]
      ]
    )
    assert.deepStrictEqual(problems, [])
    assert.deepStrictEqual(audit, {
      examples: 2,
      kept: 2,
      sequences: 4,
      tokens: { prompt: 32, response: 8, learned: 8 }, // <bos> <im_start> user list oak <im_end> <im_start> assistant: 8
      lengths: {
        prompt: { min: 8, mean: 8, max: 8 },
        response: { min: 1, mean: 2, max: 3 },
        sequence: { min: 9, mean: 10, max: 11 }
      },
      special: { bos: 1, ends: [3], pad: 0, padIsEnd: false },
      starts: { once: 4, twice: 0, never: 0 },
      ends: { once: 4, twice: 0, unlearned: 0, lost: 0 },
      truncated: { prompt: 0, response: 0 },
      emptyResponses: 1,
      apart: 0,
      dropped: {},
      invalid: {}
    })
  })

  it("learns every turn of a demonstration, or the last alone", () => {
    const example = shown("d", "fox", user("name crab"), assistant("crab anchor wave"))
    const learned = (["all", "last"] as const).map((turns) => encode([example], { turns }).audit.tokens)
    assert.deepStrictEqual(learned, [
      { prompt: 8, response: 13, learned: 6 },
      { prompt: 19, response: 2, learned: 2 }
    ])
    assert.deepStrictEqual(encode([example]).audit.tokens, learned[0])
  })

  it("leaves out a pair of the same tokens and counts it, or refuses it by name", () => {
    const examples = [pair("p", "crab", "fox"), pair("q", "crab", " crab ")]
    assert.deepStrictEqual(encode(examples).audit.dropped, { identical: 1 })
    assert.deepStrictEqual(messagesOf(encode(examples, { identical: "error" })), [
      'example "q": Cannot learn from the pair: chosen and rejected are the same tokens, wanted two responses that differ'
    ])
  })

  it("leaves out a pair that is the same once it is cut", () => {
    const options = { maxTokens: 9, lengthPolicy: "truncateResponse" } as const
    assert.deepStrictEqual(encode([pair("p", "crab oak", "crab fox")], options).audit.dropped, { identical: 1 })
  })

  it("counts what a length policy cut, and the end tokens that went with it", () => {
    const examples = [pair("p", "crab oak fox", "crab"), pair("q", "fox", "crab")]
    const cut = (lengthPolicy: "truncatePrompt" | "truncateResponse" | "drop", maxTokens: number) => {
      const { dropped, ends, truncated } = encode(examples, { lengthPolicy, maxTokens }).audit
      return { dropped, ends, truncated }
    }
    const ends = { once: 2, twice: 0, unlearned: 0, lost: 0 }
    assert.deepStrictEqual(cut("truncateResponse", 10), {
      dropped: {},
      ends: { ...ends, once: 3, lost: 1 },
      truncated: { prompt: 0, response: 1 }
    })
    assert.deepStrictEqual(cut("truncatePrompt", 10), {
      dropped: {},
      ends: { ...ends, once: 4 },
      truncated: { prompt: 2, response: 0 }
    })
    assert.deepStrictEqual(cut("drop", 10), { dropped: { tooLong: 1 }, ends, truncated: { prompt: 0, response: 0 } })
    assert.deepStrictEqual(cut("truncatePrompt", 4).dropped, { promptBudget: 1 })
    assert.deepStrictEqual(cut("truncateResponse", 8).dropped, { responseBudget: 2 })
  })

  it("names every example that has to be corrected, and counts them by tag", () => {
    const found = encode([shown("d1", " "), shown("d2", "fox"), shown("d3", "fox fox fox")], { maxTokens: 10 })
    assert.deepStrictEqual(messagesOf(found), [
      'example "d1": Cannot encode the response: found an empty text, wanted at least one character',
      'example "d3": Cannot encode prompt and response: found 12 tokens, wanted at most 10'
    ])
    assert.deepStrictEqual([found.audit.invalid, found.audit.kept], [{ ResponseEmpty: 1, SequenceTooLong: 1 }, 1])
  })

  it("counts turns that a template rewrites", () => {
    const template =
      "{% for m in messages %}{{ m.role ~ ' ' ~ ('then ' if loop.last else '') ~ m.content ~ ' <im_end> ' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    const found = encode([shown("d", "fox", user("crab"), assistant("oak"))], { tokenizer })
    assert.deepStrictEqual(found.audit.invalid, { PromptNotPrefix: 1 })
    assert.include(messagesOf(found)[0] ?? "", 'example "d": Cannot tell prompt from response at message 2')
  })

  it("refuses an example of which nothing is learned", () => {
    const template =
      "{% for m in messages %}{% generation %}{{ '<im_end>' if m.role == 'assistant' else '' }}{% endgeneration %}{% endfor %}{% if add_generation_prompt %}{{ ' ' }}{% endif %}"
    const tokenizer = readTokenizer("fixtures/garden/model", template)
    assert.deepStrictEqual(messagesOf(encode([shown("d", "fox")], { tokenizer })), [
      'example "d": Cannot learn from the example: every token is masked, wanted at least one that the assistant says'
    ])
  })

  it("counts start tokens that a template prints twice, and end tokens that a response repeats", () => {
    const template =
      "{{ bos_token }} {{ bos_token }} {% for m in messages %}{{ m.content }} <im_end> {% endfor %}{% if add_generation_prompt %}{{ '<im_start> ' }}{% endif %}"
    const other =
      "{% for m in messages %}{{ m.role }} {{ m.content }} <im_end> {% endfor %}{% if add_generation_prompt %}{{ 'assistant ' }}{% endif %}"
    const doubled = readTokenizer(
      "fixtures/garden/model",
      template.replace("{{ m.content }}", "{{ '<im_start> ' if m.role == 'assistant' }}{{ m.content }}")
    )
    const bare = readTokenizer("fixtures/garden/model", other)
    assert.deepStrictEqual(countsOf(doubled, "fox"), {
      starts: { once: 0, twice: 1, never: 0 },
      ends: { once: 1, twice: 0, unlearned: 0, lost: 0 }
    })
    assert.deepStrictEqual(countsOf(bare, "fox <im_end>"), {
      starts: { once: 0, twice: 0, never: 1 },
      ends: { once: 0, twice: 1, unlearned: 0, lost: 0 }
    })
  })

  it.skipIf(!existsSync(qwen))(
    "asks a pairwise model one question a pair, and counts what the filter leaves out",
    () => {
      const system: Preference = {
        ...pair("s", "crab", "fox"),
        messages: [{ role: "system", content: "oak" }, user("crab")]
      }
      const examples = [pair("p", "crab", "fox"), system, pair("e", "", "fox"), pair("i", "fox", "fox")]
      const { audit, encoded } = encode(examples, {
        tokenizer: readTokenizer(qwen),
        maxTokens: 512,
        pairwise: { seed: 1 }
      })
      assert.deepStrictEqual(
        encoded.map(({ promptId, sequences }) => [promptId, sequences.map(learnedCount)]),
        [["p", [1]]]
      )
      assert.deepStrictEqual(audit.dropped, { turnsUneven: 1, contentEmpty: 1, identical: 1 })
    }
  )

  it("puts the other letter beside the answer of a question, at the same place", () => {
    const tokenizer = readTokenizer("fixtures/judge/model")
    const examples = Array.from({ length: 8 }, (_, i) => pair(`p${i}`, "crab", "fox"))
    const { encoded } = encode(examples, { tokenizer, pairwise: { seed: 1 } })
    const answers = encoded.map(({ alternatives = [], sequences }) => {
      const [question, other] = [...sequences, ...alternatives]
      assert.deepStrictEqual(other?.ids.slice(0, -1), question?.ids.slice(0, -1))
      return [question, other].map((each) => tokenizer.tokenOf(each?.ids.at(-1) ?? -1)).join("")
    })
    assert.deepStrictEqual(answers.toSorted().join(), "AB,AB,AB,BA,BA,BA,BA,BA")
  })
})
