import { Result, Schema } from "effect"
import type { Message } from "../../../schemas/mod.ts"
import { cutPair, cutPrompt, cutResponse } from "./conversation.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"
import { messageOf, Turn } from "./turns.ts"

const fields = {
  conversations: Schema.NonEmptyArray(Turn),
  system: Schema.optionalKey(Schema.NullOr(Schema.String))
}
const Row = Schema.Struct(fields)
const Pair = Schema.Struct({ ...fields, chosen: Turn, rejected: Turn })

const messagesOf = ({ conversations, system }: typeof Row.Type): ReadonlyArray<Message> => [
  ...(system ? [{ role: "system" as const, content: system }] : []),
  ...conversations.map(messageOf)
]

/**
 * Lines `{conversations}` of from and value; with `chosen` and `rejected` beside it, the two responses to all of it.
 *
 * Source   ShareGPT; LLaMA-Factory's data/README for `system` and for preferences.
 * Domain   of lines without a pair the last turn is the demonstration.
 */
export const shareGpt: Format = {
  prompts: shape(Row, (row, promptId) =>
    Result.map(cutPrompt("conversations", messagesOf(row)), (messages) => ({ promptId, messages }))
  ),
  preferences: shape(Pair, (row, promptId) => {
    const before = messagesOf(row)
    return Result.map(cutPair([...before, messageOf(row.chosen)], [...before, messageOf(row.rejected)]), (pair) => ({
      promptId,
      ...pair,
      margin: 0
    }))
  }),
  demonstrations: shape(Row, (row, promptId) =>
    Result.map(cutResponse("conversations", messagesOf(row)), (cut) => ({ promptId, ...cut }))
  )
}
