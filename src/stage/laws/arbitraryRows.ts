import { Arbitrary } from "effect"
import type { RecordSchema } from "../../arrow/mod.ts"
import type { Identified } from "./StageSubject.ts"

/** Rows of one trial, at most. */
const maxLength = 6

/** The same value without lone surrogates, for which UTF-8 has no place. */
const wellFormed = (part: unknown): unknown => {
  if (typeof part === "string") return part.toWellFormed()
  if (Array.isArray(part)) return part.map(wellFormed)
  if (typeof part !== "object" || part === null) return part
  return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, wellFormed(inner)]))
}

/** Lists of rows whose ids are `p0`, `p1`, … in their order: any that the schema allows, or those that are given. */
export const arbitraryRows = <A extends Identified>(
  schema: RecordSchema<A>,
  given: Arbitrary.Arbitrary<ReadonlyArray<A>> = Arbitrary.array(Arbitrary.schema(schema), { maxLength })
): Arbitrary.Arbitrary<ReadonlyArray<A>> =>
  Arbitrary.map(
    given,
    (rows) => rows.map((row, i) => Object.assign(wellFormed(row) as A, { promptId: `p${i}` })) // as: strings stay strings
  )
