import { Schema } from "effect"
import { Demonstration, Judged, Preference, Prompt } from "../../../schemas/mod.ts"
import { type Format, rowReader } from "./RowReader.ts"

const filled = Schema.String.check(Schema.isPattern(/\S/, { message: "Expected a text that is not empty" }))

/** Lines that already are the records of this project; a file of preferences also serves as prompts. */
export const records: Format = {
  prompts: rowReader(Prompt, (row) => row),
  preferences: rowReader(Schema.Struct({ ...Preference.fields, chosen: filled, rejected: filled }), (row) => row),
  demonstrations: rowReader(Schema.Struct({ ...Demonstration.fields, response: filled }), (row) => row),
  judged: rowReader(Judged, (row) => row)
}
