import { Schema } from "effect"
import { Message, type Prompt } from "../../../schemas/mod.ts"
import { keepingId } from "./kept.ts"
import { type Format, rowReader } from "./RowReader.ts"
import { userPrompt } from "./userPrompt.ts"

const Said = Schema.Struct({ role: Schema.Literal("assistant"), content: Schema.String })

const Row = Schema.Struct({
  prompt: Schema.Union([Schema.NonEmptyString, Schema.NonEmptyArray(Message)]),
  completion: Schema.Union([Schema.String, Schema.Tuple([Said])]),
  label: Schema.Boolean
})

const promptOf = ({ prompt }: typeof Row.Type, promptId: string): Prompt =>
  typeof prompt === "string" ? userPrompt(promptId, prompt) : { promptId, messages: prompt }

const responseOf = ({ completion }: typeof Row.Type): string =>
  typeof completion === "string" ? completion : completion[0].content

/**
 * Lines `{prompt, completion, label}` of responses that were judged one by one, as texts or as messages.
 *
 * Source   The unpaired preference rows of TRL's KTOTrainer; `label` is true for a response to imitate.
 */
export const promptCompletionLabel: Format = {
  prompts: keepingId(rowReader(Row, promptOf)),
  judged: keepingId(
    rowReader(Row, (row, id) => ({ ...promptOf(row, id), response: responseOf(row), desirable: row.label }))
  )
}
