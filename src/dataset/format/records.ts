import { Schema } from "effect"
import { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"
import { type Format, type RowReader, rowReader } from "./RowReader.ts"

const filled = Schema.String.check(Schema.isPattern(/\S/, { message: "Expected a text that is not empty" }))

/** A row without its keys that are null: what columnar files have in place of a key that is absent. */
const withoutNulls = (row: unknown): unknown =>
  typeof row === "object" && row !== null && !Array.isArray(row) && Object.values(row).includes(null)
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
    : row

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
