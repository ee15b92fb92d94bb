import { Schema } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { defaulted } from "../../../schemas/mod.ts"
import { allKinds } from "../Row.ts"
import { makeJudge } from "./Rule.ts"

const params = Schema.Struct({
  system: defaulted(Schema.Literals(["allow", "refuse"]), "allow", "Whether one system turn may stand first")
})

/** The turns that have to alternate, and how many stand before them. */
const conversation = (messages: ReadonlyArray<Message>, system: "allow" | "refuse") => {
  const skipped = system === "allow" && messages[0]?.role === "system" ? 1 : 0
  return { turns: messages.slice(skipped), skipped }
}

/**
 * Drops records whose turns do not go user, assistant, user, … and end with user.
 *
 * Source   The row filter of the pairwise preference model's data; there, system turns are refused.
 */
export const alternation = makeJudge({
  doc: "drops records whose roles do not alternate or do not end with user",
  params,
  kinds: () => allKinds,
  judge:
    ({ system }) =>
    ({ messages }) => {
      const { turns, skipped } = conversation(messages, system)
      const wrong = turns.findIndex(({ role }, i) => role !== (i % 2 === 0 ? "user" : "assistant"))
      if (wrong >= 0)
        return `turn ${wrong + skipped + 1} is of ${turns[wrong]?.role}, not of ${wrong % 2 === 0 ? "user" : "assistant"}`
      if (turns.length === 0) return "there is no turn of user"
      return turns.length % 2 === 0 ? "the last turn is of assistant, not of user" : undefined
    }
})
