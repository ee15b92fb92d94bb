import { Schema } from "effect"
import { Message, optional, required } from "../../../schemas/mod.ts"

/** Most rows in one request. */
const mostRows = 1024

const Messages = required(Schema.Array(Message).check(Schema.isMinLength(1)), "What is answered")
const rowsOf = <S extends Schema.Top>(row: S) =>
  required(Schema.Array(row).check(Schema.isMaxLength(mostRows)), `At most ${mostRows} rows`)
const model = optional(Schema.String, "Name of the model; without it, the one that is served")

/** The body of `POST /v1/score`. */
export const ScoreRequest = Schema.Struct({
  model,
  rows: rowsOf(Schema.Struct({ messages: Messages, response: Schema.String }))
})

/** Its answer: a reward for each row, in order. */
export const ScoreAnswer = Schema.Struct({ rewards: Schema.Array(Schema.Finite) })

/** The body of `POST /v1/preference`. */
export const PreferenceRequest = Schema.Struct({
  model,
  rows: rowsOf(Schema.Struct({ messages: Messages, first: Schema.String, second: Schema.String }))
})

/** Its answer: for each row, in order, how likely `first` is the better response. */
export const PreferenceAnswer = Schema.Struct({ probabilities: Schema.Array(Schema.Finite) })
