import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { learnedMask, renderChat, type Tokenizer } from "../../src/text/mod.ts"
import { assistant, encode, user } from "./conversation.ts"
import { garden } from "./tokenizers.ts"

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
