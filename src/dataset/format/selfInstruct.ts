import { Schema } from "effect"
import { type Format, rowReader } from "./RowReader.ts"
import { userPrompt } from "./userPrompt.ts"

const Instance = Schema.Struct({ input: Schema.String, output: Schema.NonEmptyString })

const Row = Schema.Struct({
  id: Schema.NonEmptyString,
  instruction: Schema.NonEmptyString,
  instances: Schema.NonEmptyArray(Instance)
})

const toPrompt = (row: typeof Row.Type) => {
  const [{ input }] = row.instances
  return userPrompt(row.id, input === "" ? row.instruction : `${row.instruction}\n\n${input}`)
}

/** Lines of the seed tasks of Self-Instruct: an instruction, and its first instance as input and output. */
export const selfInstruct: Format = {
  prompts: rowReader(Row, toPrompt),
  demonstrations: rowReader(Row, (row) => ({ ...toPrompt(row), response: row.instances[0].output }))
}
