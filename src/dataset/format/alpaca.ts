import { Result, Schema } from "effect"
import type { Message, Prompt } from "../../../schemas/mod.ts"
import type { Format } from "./RowReader.ts"
import { shape } from "./shape.ts"

const Absent = Schema.optionalKey(Schema.NullOr(Schema.String))

const fields = {
  instruction: Schema.NonEmptyString,
  input: Absent,
  system: Absent,
  history: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Tuple([Schema.String, Schema.String]))))
}
const Row = Schema.Struct(fields)
const Answered = Schema.Struct({ ...fields, output: Schema.NonEmptyString })
const Pair = Schema.Struct({ ...fields, chosen: Schema.NonEmptyString, rejected: Schema.NonEmptyString })

/** What a user says by an instruction and its input: both, with an empty line between. */
export const instructionOf = (instruction: string, input: string | null | undefined): string =>
  input ? `${instruction}\n\n${input}` : instruction

const promptOf = (row: typeof Row.Type, promptId: string): Prompt => ({
  promptId,
  messages: [
    ...(row.system ? [{ role: "system", content: row.system } as const] : []),
    ...(row.history ?? []).flatMap(([user, assistant]): ReadonlyArray<Message> => [
      { role: "user", content: user },
      { role: "assistant", content: assistant }
    ]),
    { role: "user", content: instructionOf(row.instruction, row.input) }
  ]
})

/**
 * Lines `{instruction, input, output}`, with `system` and `history` where they are; or with `chosen` and `rejected`.
 *
 * Source   Alpaca; LLaMA-Factory's data/README for `system`, `history` and preferences.
 */
export const alpaca: Format = {
  prompts: shape(Row, (row, id) => Result.succeed(promptOf(row, id))),
  preferences: shape(Pair, (row, id) =>
    Result.succeed({ ...promptOf(row, id), chosen: row.chosen, rejected: row.rejected, margin: 0 })
  ),
  demonstrations: shape(Answered, (row, id) => Result.succeed({ ...promptOf(row, id), response: row.output }))
}
