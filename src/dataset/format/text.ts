import { Schema } from "effect"
import { type Format, rowReader } from "./RowReader.ts"
import { userPrompt } from "./userPrompt.ts"

/** Lines that are one JSON string each: what a user says first. */
export const text: Format = {
  prompts: rowReader(Schema.NonEmptyString, (row, id) => userPrompt(id, row))
}
