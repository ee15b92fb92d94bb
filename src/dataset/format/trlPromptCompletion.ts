import { Result, Schema } from "effect"
import { Message } from "../../../schemas/mod.ts"
import { keepingId } from "./kept.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"
import { userPrompt } from "./userPrompt.ts"

const Row = Schema.Struct({
  prompt: Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Message)]),
  completion: Schema.Union([
    Schema.NonEmptyString,
    Schema.Tuple([Schema.Struct({ role: Schema.Literal("assistant"), content: Schema.String })])
  ])
})

const promptOf = ({ prompt }: typeof Row.Type, promptId: string) =>
  typeof prompt === "string" ? userPrompt(promptId, prompt) : { promptId, messages: prompt }

/**
 * Lines `{prompt, completion}`: texts, or messages where the completion is one assistant turn.
 *
 * Source   TRL's documentation of data-set formats, "prompt-completion", standard and conversational.
 */
export const trlPromptCompletion: Format = {
  prompts: keepingId(shape(Row, (row, id) => Result.succeed(promptOf(row, id)))),
  demonstrations: keepingId(
    shape(Row, (row, id) =>
      Result.succeed({
        ...promptOf(row, id),
        response: typeof row.completion === "string" ? row.completion : row.completion[0].content
      })
    )
  )
}
