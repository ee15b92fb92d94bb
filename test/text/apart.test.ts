import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { encodeConversation, learnedMask, makeTokenizer } from "../../src/text/mod.ts"

/** A tokenizer of letters that joins "ab" and "bc", the first pair first. */
const vocab = { a: 0, b: 1, c: 2, ab: 3, bc: 4, "<e>": 5 }
const model = { type: "BPE", vocab, merges: ["a b", "b c"], unk_token: null }
const added_tokens = [
  { id: 5, content: "<e>", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }
]

const steps = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null }

/** A conversation of these texts as ids, said by user and assistant in turn, the last one the response. */
const encoded = (template: string, texts: ReadonlyArray<string>, turns: "all" | "last" = "last") => {
  const tokenizer = Result.getOrThrow(
    makeTokenizer({
      "tokenizer.json": JSON.stringify({ ...steps, added_tokens, model }),
      "tokenizer_config.json": JSON.stringify({ eos_token: "<e>", chat_template: template })
    })
  )
  const messages = texts.map((content, i): Message => ({ role: i % 2 === 0 ? "user" : "assistant", content }))
  return Result.map(
    encodeConversation(tokenizer, messages.slice(0, -1), texts.at(-1) ?? "", { turns }),
    ({ apart, responseStart, ...found }) => ({
      ids: [...found.ids],
      mask: [...learnedMask(found)],
      responseStart,
      apart
    })
  )
}

const bare = "{% for m in messages %}{{ m.content }}{% endfor %}"
const marked =
  "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}"

describe("encodeConversation()", () => {
  it("leaves the ids of the text as they are where no token lies across the end of the prompt", () => {
    const wanted = { ids: [3, 2, 5], mask: [0, 1, 1], responseStart: 1, apart: 0 } // ab | c <e>
    assert.deepStrictEqual(encoded(bare, ["ab", "c"]), Result.succeed(wanted))
  })

  it("keeps a token apart that would lie across it", () => {
    const wanted = { ids: [0, 4, 5], mask: [0, 1, 1], responseStart: 1, apart: 1 } // a | bc <e>, and not ab c
    assert.deepStrictEqual(encoded(bare, ["a", "bc"]), Result.succeed(wanted))
  })

  it("keeps tokens apart at every beginning and end that the template marks", () => {
    // a | b | c | a |, and not ab c a
    const wanted = { ids: [0, 1, 2, 0, 5], mask: [0, 1, 0, 1, 1], responseStart: 3, apart: 2 }
    assert.deepStrictEqual(encoded(marked, ["a", "b", "c", "a"], "all"), Result.succeed(wanted))
  })

  it("refuses an earlier turn whose last token would reach into the next", () => {
    // after "a" the turn alone is b; in the conversation it is the beginning of bc
    const refused = Result.mapError(encoded(bare, ["a", "b", "c", "a"], "all"), ({ reason }) => ({ ...reason }))
    assert.deepInclude(Result.getOrThrow(Result.flip(refused)), { _tag: "PromptNotPrefix", turn: 2 })
  })
})
