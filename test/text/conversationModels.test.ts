import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { encodeConversation, learnedMask, renderChat } from "../../src/text/mod.ts"
import { assistant, encode, refused, user } from "./conversation.ts"
import { type Masked, readTokenizer, shared, sharedTemplate } from "./tokenizers.ts"

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
