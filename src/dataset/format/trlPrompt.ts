import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { keepingId } from "./kept.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"
import { userPrompt } from "./userPrompt.ts"

const Row = Schema.Struct({ prompt: Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Message)]) })

/**
 * Lines `{prompt}`: a text, or the messages of a conversation.
 *
 * Source   TRL's documentation of data-set formats, "prompt-only", standard and conversational.
 */
export const trlPrompt: Format = {
  prompts: keepingId(
    shape(Row, ({ prompt }, promptId) =>
      Result.succeed(typeof prompt === "string" ? userPrompt(promptId, prompt) : { promptId, messages: prompt })
    )
  )
}
