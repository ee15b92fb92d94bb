import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { cutResponse } from "./conversation.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"

const Row = Schema.Struct({ messages: Schema.NonEmptyArray(Message), label: Schema.Boolean })

/**
 * Lines `{messages, label}`: a conversation whose last turn was judged by itself; `label` is true for one to imitate.
 *
 * Source   LLaMA-Factory's data for KTO (kto_en_demo); TRL's own shape is `promptCompletionLabel`.
 */
export const kto: Format = {
  prompts: shape(Row, ({ messages }, promptId) =>
    Result.map(cutResponse("messages", messages), (cut) => ({ promptId, messages: cut.messages }))
  ),
  judged: shape(Row, ({ label, messages }, promptId) =>
    Result.map(cutResponse("messages", messages), (cut) => ({ promptId, ...cut, desirable: label }))
  )
}
