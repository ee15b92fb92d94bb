import { Effect, Schema, Stream } from "effect"
import { readRows } from "../../arrow/mod.ts"
import type { BenchmarkItem } from "../../curation/mod.ts"

/** A row of a test set without any of the fields that were named. */
export class BenchmarkRowInvalid extends Schema.TaggedError<BenchmarkRowInvalid>()("BenchmarkRowInvalid", {
  path: Schema.String,
  place: Schema.Literals(["line", "row"]),
  number: Schema.Int,
  fields: Schema.Array(Schema.String),
  found: Schema.Array(Schema.String)
}) {
  override get message() {
    const wanted = this.fields.map((name) => `"${name}"`).join(" or ")
    return `Cannot read test set "${this.path}": ${this.place} ${this.number} has the fields ${this.found.join(", ")}, wanted a text in ${wanted}`
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return Array.isArray(value) ? value.flatMap(textsOf) : []
}

/**
 * The questions of a test set: the named fields of each row, texts or lists of texts, one below the other.
 *
 * Fails    ArrowError, BenchmarkRowInvalid
 */
export const readBenchmark = ({ fields, path }: { readonly path: string; readonly fields: ReadonlyArray<string> }) =>
  readRows(path).pipe(
    Stream.mapEffect(({ number, place, value }) => {
      const row = isRecord(value) ? value : {}
      const texts = fields.flatMap((field) => textsOf(row[field]))
      const item: BenchmarkItem = { id: String(number), text: texts.join("\n") }
      return texts.length > 0
        ? Effect.succeed(item)
        : Effect.fail(new BenchmarkRowInvalid({ path, place, number, fields, found: Object.keys(row) }))
    })
  )
