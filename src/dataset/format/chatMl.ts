import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { cutPrompt, cutResponse } from "./conversation.ts"
import { keepingId } from "./kept.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"

const Row = Schema.Struct({ messages: Schema.NonEmptyArray(Message) })

/**
 * Lines `{messages}` of role and content; the demonstration is the last turn, the prompt what lies before.
 *
 * Source   ChatML, as chat APIs take it; TRL's "language modeling", conversational.
 */
export const chatMl: Format = {
  prompts: keepingId(
    shape(Row, ({ messages }, promptId) =>
      Result.map(cutPrompt("messages", messages), (all) => ({ promptId, messages: all }))
    )
  ),
  demonstrations: keepingId(
    shape(Row, ({ messages }, promptId) =>
      Result.map(cutResponse("messages", messages), (cut) => ({ promptId, ...cut }))
    )
  )
}
