import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { Message } from "../../schemas/mod.ts"
import {
  type ConversationOptions,
  encodeConversation,
  encodePair,
  learnedMask,
  renderChat,
  type TextError,
  type Tokenizer
} from "../../src/text/mod.ts"
import { garden, type Masked, readTokenizer, shared, sharedTemplate } from "./tokenizers.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })

/** Two turns: the assistant's earlier words are learned too. */
const conversation = [user("name crab"), assistant("crab anchor"), user("list oak")]

const encode = (
  tokenizer: Tokenizer,
  messages: ReadonlyArray<Message>,
  response: string,
  options?: ConversationOptions
) => Result.getOrThrow(encodeConversation(tokenizer, messages, response, options))

const refused = <A>(result: Result.Result<A, TextError>): TextError["reason"] =>
  Result.getOrThrow(Result.flip(result)).reason

/** The tokens that are learned, as text. */
const learnedOf = (tokenizer: Tokenizer, found: ReturnType<typeof encode>): ReadonlyArray<string> => {
  const mask = learnedMask(found)
  return Array.from(found.ids).flatMap((id, i) => (mask[i] === 1 ? [tokenizer.tokenOf(id)] : []))
}

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

const Word = Schema.Literals(["crab", "anchor", "oak", "fox", "then", "unheard"])
const Text = Schema.NonEmptyArray(Word)
const Talk = Schema.Array(Schema.Struct({ asked: Text, said: Text })).check(
  Schema.isMinLength(1),
  Schema.isMaxLength(4)
)

const said = (talk: typeof Talk.Type, asked?: string) =>
  talk.flatMap((turn) => [user(asked ?? turn.asked.join(" ")), assistant(turn.said.join(" "))])

const sum = (mask: Uint8Array): number => mask.reduce((total, one) => total + one, 0)

describe("encodeConversation() of any conversation", () => {
  const lawOf = (talk: typeof Talk.Type, tokenizer: Tokenizer) => {
    const whole = said(talk)
    const response = whole.at(-1)?.content ?? ""
    const found = encode(tokenizer, whole.slice(0, -1), response, { turns: "all" })
    const text = Result.getOrThrow(renderChat(tokenizer, whole, { addGenerationPrompt: false }))
    const rendered = tokenizer.encode(text)
    return { whole, found, rendered, mask: learnedMask(found) }
  }

  it.prop(
    "learns the words of the assistant and one end token a turn; user words change nothing",
    { talk: Talk },
    ({ talk }) => {
      const { mask, whole } = lawOf(talk, garden)
      assert.strictEqual(
        sum(mask),
        talk.reduce((total, turn) => total + turn.said.length + 1, 0)
      )
      const other = said(talk, "then then then then then")
      const again = encode(garden, other.slice(0, -1), whole.at(-1)?.content ?? "", { turns: "all" })
      assert.strictEqual(sum(learnedMask(again)), sum(mask))
    },
    { arbitrary: { runs: 50, seed: 1 } }
  )

  it.prop(
    "gives the ids of the whole text up to its last end token, which is learned once",
    { talk: Talk },
    ({ talk }) => {
      const { found, mask, rendered } = lawOf(talk, garden)
      assert.deepStrictEqual(found.ids, rendered.subarray(0, rendered.lastIndexOf(garden.eosIds[0] ?? -1) + 1))
      assert.deepStrictEqual([mask.at(-1), garden.eosIds.includes(found.ids.at(-2) ?? -1)], [1, false])
    },
    { arbitrary: { runs: 50, seed: 1 } }
  )
})

const messages: ReadonlyArray<Message> = [
  { role: "system", content: "Be brief." },
  user("Hi, what is 2 + 2?"),
  assistant("It's 4.\n\nAnything else?"),
  user("  naïve 👍🏽\n"),
  assistant("def f(x):\n    return x"),
  user("Bye")
]

describe("encodeConversation() with the tokenizers of models", () => {
  for (const name of ["models/minimind2-small", "tokenizers/qwen2_5", "tokenizers/llama3"]) {
    it.skipIf(!existsSync(shared + name))(
      `gives the ids of the whole text, and learns three turns, for "${name}"`,
      () => {
        const tokenizer = readTokenizer(shared + name)
        const found = encode(tokenizer, messages, "Good bye.", { turns: "all" })
        const text = Result.getOrThrow(
          renderChat(tokenizer, [...messages, assistant("Good bye.")], { addGenerationPrompt: false })
        )
        const whole = tokenizer.encode(text)
        assert.deepStrictEqual([found.ids, found.apart], [whole.subarray(0, found.ids.length), 0])
        assert.isFalse(whole.subarray(found.ids.length).some((id) => tokenizer.eosIds.includes(id)))
        const mask = learnedMask(found)
        const ids = Array.from(found.ids).filter((_, i) => mask[i] === 1)
        const end = tokenizer.decode([found.ids.at(-1) ?? -1], { skipSpecialTokens: false })
        assert.strictEqual(
          tokenizer.decode(ids, { skipSpecialTokens: false }),
          `It's 4.\n\nAnything else?${end}def f(x):\n    return x${end}Good bye.${end}`
        )
      }
    )
  }

  const qwen = `${shared}tokenizers/qwen2_5`
  it.skipIf(!existsSync(qwen))("keeps a token apart that would reach across the end of the prompt", () => {
    const tokenizer = readTokenizer(qwen)
    const { apart, ids, promptLength } = encode(tokenizer, [user("Hi")], "\nHello")
    const prompt = tokenizer.encode(
      Result.getOrThrow(renderChat(tokenizer, [user("Hi")], { addGenerationPrompt: true }))
    )
    assert.deepStrictEqual(ids.subarray(0, promptLength), prompt) // the text's own ids have "\n\n" as one token here
    assert.strictEqual(apart, 1)
  })

  it.skipIf(!existsSync(qwen))(
    "names the turn that Qwen3's template prints without its thinking once others follow",
    () => {
      const tokenizer = readTokenizer(qwen, sharedTemplate("qwen3"))
      const reason = refused(encodeConversation(tokenizer, messages, "Good bye.", { turns: "all" }))
      assert.deepInclude({ ...reason }, { _tag: "PromptNotPrefix", turn: 3 })
      const last = encode(tokenizer, messages, "Good bye.", { turns: "last" })
      assert.strictEqual(
        tokenizer.decode(last.ids.subarray(last.promptLength), { skipSpecialTokens: false }),
        "<think>\n\n</think>\n\nGood bye.<|im_end|>"
      )
    }
  )
})

const recorded: {
  readonly rows: ReadonlyArray<{ readonly messages: ReadonlyArray<Message>; readonly chosen: string }>
  readonly marked: string
  readonly masks: Readonly<Record<string, ReadonlyArray<Masked>>>
} = JSON.parse(readFileSync("fixtures/text/masks.json", "utf8"))

describe("encodeConversation() under a template with generation tags", () => {
  for (const [name, masks] of Object.entries(recorded.masks)) {
    it.skipIf(!existsSync(shared + name))(
      `learns what transformers says the assistant generates, for "${name}"`,
      () => {
        const tokenizer = readTokenizer(shared + name, recorded.marked)
        recorded.rows.forEach(({ chosen, messages: asked }, i) => {
          const found = encode(tokenizer, asked, chosen, { turns: "all" })
          const length = found.ids.length // the reference has the line break after the last end token too
          assert.deepStrictEqual(
            { ids: Array.from(found.ids), mask: Array.from(learnedMask(found)) },
            { ids: masks[i]?.ids.slice(0, length), mask: masks[i]?.mask.slice(0, length) }
          )
          assert.strictEqual(masks[i]?.mask.slice(length).includes(1), false)
        })
      }
    )
  }
})

describe("encodePair()", () => {
  it("is the conversation with its last turn learned", () => {
    const { ids, responseStart } = encode(garden, conversation, "oak fox")
    const pair = Result.getOrThrow(encodePair(garden, conversation, "oak fox", { maxTokens: 64 }))
    assert.deepStrictEqual(pair, { ids, promptLength: responseStart })
  })
})
