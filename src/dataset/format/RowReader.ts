import { Result, Schema, SchemaIssue } from "effect"
import type { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"

/** The records a file can be asked for. */
export interface Kinds {
  readonly prompts: Prompt
  readonly preferences: Comparison
  readonly demonstrations: Demonstration
  readonly judged: Judged
}

/** Makes a record of one parsed line, or says what is wrong with it. `id` is for rows that carry none. */
export type RowReader<A> = (row: unknown, id: string) => Result.Result<A, string>

/** How the lines of a file become records; a kind that the file cannot give is absent. */
export type Format = { readonly [K in keyof Kinds]?: RowReader<Kinds[K]> }

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

/** The reader of rows of one shape: `raw` checks the line, `toRecord` gives the record. */
export const rowReader = <Raw, A>(
  raw: Schema.Codec<Raw, unknown>,
  toRecord: (row: Raw, id: string) => A
): RowReader<A> => {
  const decode = Schema.decodeUnknownResult(raw, { errors: "all" })
  return (row, id) =>
    Result.mapBoth(decode(row), {
      onSuccess: (value) => toRecord(value, id),
      onFailure: (error) =>
        formatIssue(error.issue)
          .issues.map((issue) =>
            [(issue.path ?? []).map(String).join("."), issue.message].filter((part) => part !== "").join(": ")
          )
          .join("; ")
    })
}
