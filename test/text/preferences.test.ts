import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Message, Preference } from "../../schemas/mod.ts"
import {
  encodePreference,
  encodePrompt,
  learnedMask,
  letterIds,
  makeTokenizer,
  markLearned,
  preferenceExample,
  preferencePrompt
} from "../../src/text/mod.ts"
import { garden, readTokenizer, shared } from "./tokenizers.ts"

const user = (content: string): Message => ({ role: "user", content })
const assistant = (content: string): Message => ({ role: "assistant", content })
const talk = [user("U1"), assistant("A1"), user("U2")]
const preference: Preference = { promptId: "p", messages: talk, chosen: "good", rejected: "bad", margin: 1 }

const question = (seed: number, promptId = "p", row = 0) =>
  Result.getOrThrow(preferenceExample({ ...preference, promptId }, { seed, row }))

/** Of the heads among a thousand fair coins: 4·√250. */
const fourDeviations = 64

/** The answers to a thousand pairs of one prompt. */
const letters = (seed: number) => Array.from({ length: 1000 }, (_, row) => question(seed, "p", row).letter)

const refused = (messages: ReadonlyArray<Message>, responses: Partial<Preference> = {}) => {
  const found = preferenceExample({ ...preference, messages, ...responses }, { seed: 0 })
  return Result.getOrThrow(Result.flip(found)).message
}

/** Words with both letters, and a template that asks like Llama 3's. */
const lettered = (words: ReadonlyArray<string>) =>
  Result.getOrThrow(
    makeTokenizer({
      "tokenizer.json": JSON.stringify({
        version: "1.0",
        added_tokens: [{ id: 0, content: "<unk>", special: true }],
        normalizer: null,
        pre_tokenizer: { type: "WhitespaceSplit" },
        post_processor: null,
        decoder: null,
        model: {
          type: "WordLevel",
          unk_token: "<unk>",
          vocab: Object.fromEntries(["<unk>", ...words].map((word, i) => [word, i]))
        }
      }),
      "tokenizer_config.json": JSON.stringify({
        unk_token: "<unk>",
        chat_template: "{{ messages[0].content }}{% if add_generation_prompt %} Which? {% endif %}"
      })
    })
  )

describe("preferencePrompt()", () => {
  it("is the released text, line breaks and spaces included", () => {
    assert.strictEqual(
      preferencePrompt(talk, { a: "one", b: "two" }),
      "[CONTEXT] \n\n<turn> user\n U1\n<turn> assistant\n A1\n<turn> user\n U2\n [RESPONSE A] one [RESPONSE B] two \n"
    )
  })
})

describe("preferenceExample()", () => {
  it("answers with the place of the chosen response", () => {
    for (const seed of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const { letter, messages } = question(seed)
      const [a, b] = letter === "A" ? ["good", "bad"] : ["bad", "good"]
      assert.deepStrictEqual(messages, [user(preferencePrompt(talk, { a, b }))])
    }
  })

  it("throws a fair coin that depends on seed, prompt and row alone", () => {
    const shown = letters(1).filter((letter) => letter === "A").length
    assert.closeTo(shown, 500, fourDeviations)
    assert.deepStrictEqual(letters(1), letters(1))
    assert.notDeepEqual(letters(1), letters(2))
    assert.notDeepEqual(
      Array.from({ length: 20 }, (_, i) => question(1, `p${i}`).letter),
      Array.from({ length: 20 }, (_, i) => question(1, `q${i}`).letter)
    )
  })

  it("refuses what the released filter leaves out, and says why", () => {
    const action = "Cannot compare two responses: "
    assert.deepStrictEqual(
      [
        refused([user("U1"), assistant("A1")]),
        refused([{ role: "system", content: "S" }, user("U1"), assistant("A1")]),
        refused([user("U1"), user("U2"), user("U3")]),
        refused([user("")]),
        refused(talk, { chosen: "" }),
        refused(talk, { rejected: "" })
      ],
      [
        `${action}found 2 messages before them, wanted an odd number, the user first and last`,
        `${action}message 1 is the system's, wanted the user's`,
        `${action}message 2 is the user's, wanted the assistant's`,
        `${action}message 1 is empty, wanted at least one character`,
        `${action}the chosen response is empty, wanted at least one character`,
        `${action}the rejected response is empty, wanted at least one character`
      ]
    )
  })

  it("takes a response of white space, as the released filter does", () => {
    assert.isTrue(Result.isSuccess(preferenceExample({ ...preference, rejected: " " }, { seed: 0 })))
  })
})

describe("encodePreference()", () => {
  it("asks by the template and learns the letter alone", () => {
    const tokenizer = lettered(["A", "B", "crab", "Which?"])
    const found = Result.getOrThrow(encodePreference(tokenizer, { messages: [user("crab crab")], letter: "B" }))
    assert.deepStrictEqual(Array.from(found.ids, tokenizer.tokenOf), ["crab", "crab", "Which?", "B"])
    assert.deepStrictEqual(Array.from(learnedMask(found)), [0, 0, 0, 1])
  })
})

describe("letterIds()", () => {
  it("gives the two ids", () => {
    assert.deepStrictEqual(Result.getOrThrow(letterIds(lettered(["B", "A"]))), { A: 2, B: 1 })
  })

  it("refuses a vocabulary without the letter, and says what is read instead", () => {
    assert.strictEqual(
      Result.getOrThrow(Result.flip(letterIds(lettered(["A"])))).message,
      `Cannot ask which response is better: after the chat template's prompt the letter "B" is read as the tokens "<unk>", wanted one token of its own`
    )
    assert.strictEqual(Result.getOrThrow(Result.flip(letterIds(garden))).reason._tag, "LetterNotSingle")
  })

  for (const name of ["models/minimind2-small", "tokenizers/qwen2_5", "tokenizers/llama3"]) {
    it.skipIf(!existsSync(shared + name))(`finds both letters after the prompt of "${name}"`, () => {
      const tokenizer = readTokenizer(shared + name)
      const { A, B } = Result.getOrThrow(letterIds(tokenizer))
      assert.deepStrictEqual([tokenizer.tokenOf(A), tokenizer.tokenOf(B)], ["A", "B"])
      const example = question(3)
      const { ids, promptLength } = Result.getOrThrow(encodePreference(tokenizer, example))
      const prompt = Result.getOrThrow(encodePrompt(tokenizer, example.messages, { contextLength: 512 }))
      assert.deepStrictEqual(Array.from(ids), [...prompt, example.letter === "A" ? A : B])
      assert.strictEqual(promptLength, prompt.length)
    })
  }
})

describe("markLearned()", () => {
  it("puts brackets around what is learned and leaves out the middle of long runs", () => {
    const ids = garden.encode("crab anchor oak fox taxi violin")
    const show = (promptLength: number, edge: number) => markLearned(garden, { ids, promptLength }, { edge })
    assert.strictEqual(show(2, 9), "crab anchor⟦ oak⟧⟦ fox⟧⟦ taxi⟧⟦ violin⟧")
    assert.strictEqual(show(2, 1), "crab anchor⟦ oak⟧ … 2 tokens … ⟦ violin⟧")
    const learned = Uint8Array.of(0, 1, 0, 0, 1, 1)
    assert.strictEqual(
      markLearned(garden, { ids, promptLength: 1, learned }, { edge: 9 }),
      "crab⟦ anchor⟧ oak fox⟦ taxi⟧⟦ violin⟧"
    )
  })

  const folder = `${shared}tokenizers/qwen2_5`
  it.skipIf(!existsSync(folder))("shows line breaks, and parts of a character as the vocabulary spells them", () => {
    const tokenizer = readTokenizer(folder)
    const ids = tokenizer.encode("a\n\n𒀀")
    const shown = markLearned(tokenizer, { ids, promptLength: 1 }, { edge: 9 })
    assert.match(shown, /^a⟦\\n\\n⟧⟦[^⟧\uFFFD]+⟧/)
    assert.notInclude(shown, "\uFFFD")
  })
})
