import { Predicate, Result, Schema } from "effect"
import { Comparison } from "../../../schemas/mod.ts"
import type { RowReader } from "./RowReader.ts"
import { checked, told } from "./shape.ts"
import { withoutNulls } from "./withoutNulls.ts"

/** The id that a row of ours carries beside the columns of other programs. */
const idOf = (row: unknown): string | undefined =>
  Predicate.hasProperty(row, "promptId") && typeof row.promptId === "string" && row.promptId !== ""
    ? row.promptId
    : undefined

/** A reader that takes the id of a row where our exports keep one; another value there is not ours, and left alone. */
export const keepingId =
  <A>(read: RowReader<A>): RowReader<A> =>
  (row, id) =>
    read(row, idOf(row) ?? id)

const { annotator, contradicted, dataset, fromReference, margin, source } = Comparison.fields
const check = checked(
  Schema.Struct({ margin: Schema.optionalKey(margin), fromReference, dataset, source, annotator, contradicted })
)

/** A reader of preferences that takes all that our exports keep of them, from rows that carry an id. */
export const keepingAll = (read: RowReader<Comparison>): RowReader<Comparison> => {
  const readPair = keepingId(read)
  return (row, id) =>
    idOf(row) === undefined
      ? read(row, id)
      : Result.flatMap(readPair(row, id), (pair) =>
          Result.mapBoth(check(withoutNulls(row)), {
            onSuccess: (kept): Comparison => ({ ...pair, ...kept }),
            onFailure: told
          })
        )
}
