import { Schema } from "effect"
import { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"
import { type Format, type RowReader, rowReader } from "./RowReader.ts"
import { withoutNulls } from "./withoutNulls.ts"

const filled = Schema.String.check(Schema.isPattern(/\S/, { message: "Expected a text that is not empty" }))

const record = <A>(schema: Schema.Codec<A, unknown>): RowReader<A> => {
  const read = rowReader(schema, (row) => row)
  return (row, id) => read(withoutNulls(row), id)
}

/** The records of this project as training takes them: with texts that are not empty. */
export const recordSchemas = {
  prompts: Prompt,
  preferences: Schema.Struct({ ...Comparison.fields, chosen: filled, rejected: filled }),
  demonstrations: Schema.Struct({ ...Demonstration.fields, response: filled }),
  judged: Judged
} as const

/** Lines that already are the records of this project; a file of preferences also serves as prompts. */
export const records = {
  prompts: record(recordSchemas.prompts),
  preferences: record(recordSchemas.preferences),
  demonstrations: record(recordSchemas.demonstrations),
  judged: record(recordSchemas.judged)
} satisfies Format
