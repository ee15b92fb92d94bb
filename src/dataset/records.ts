import { Demonstration, Judged, Preference, Prompt } from "../../schemas/mod.ts"
import { type Format, rowReader } from "./RowReader.ts"

/** Lines that already are the records of this project; a file of preferences also serves as prompts. */
export const records: Format = {
  prompts: rowReader(Prompt, (row) => row),
  preferences: rowReader(Preference, (row) => row),
  demonstrations: rowReader(Demonstration, (row) => row),
  judged: rowReader(Judged, (row) => row)
}
