import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { cutPair, cutPrompt, cutResponse } from "./conversation.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"

const Absent = Schema.optionalKey(Schema.NullOr(Schema.String))

const Conversation = Schema.Struct({ system: Absent, messages: Schema.NonEmptyArray(Message) })
const TextToText = Schema.Struct({ input: Schema.NonEmptyString, output: Schema.NonEmptyString })
const Single = Schema.Union([TextToText, Conversation])
const Paired = Schema.Struct({ chosen: Conversation, rejected: Conversation })

const messagesOf = (row: typeof Single.Type): ReadonlyArray<Message> =>
  "input" in row
    ? [
        { role: "user", content: row.input },
        { role: "assistant", content: row.output }
      ]
    : [...(row.system ? [{ role: "system" as const, content: row.system }] : []), ...row.messages]

/**
 * The instances of a file of LMFlow, `{"type": …, "instances": […]}`, one by one: text2text `{input, output}`,
 * conversation `{conversation_id, system, messages}`, paired_conversation `{chosen, rejected}` of conversations.
 *
 * Source   LMFlow's data formats, which RLHFlow's first releases write; the file's reader gives the instances as rows.
 */
export const rlhflowInstances: Format = {
  prompts: shape(Single, (row, promptId) =>
    Result.map(cutPrompt("messages", messagesOf(row)), (messages) => ({ promptId, messages }))
  ),
  preferences: shape(Paired, (row, promptId) =>
    Result.map(cutPair(messagesOf(row.chosen), messagesOf(row.rejected)), (pair) => ({ promptId, ...pair, margin: 0 }))
  ),
  demonstrations: shape(Single, (row, promptId) =>
    Result.map(cutResponse("messages", messagesOf(row)), (cut) => ({ promptId, ...cut }))
  )
}
