import { Schema } from "effect"
import { optional } from "../../../schemas/mod.ts"
import { datasets, formats } from "../../dataset/mod.ts"

/** The names of a table as literals that a schema can check. */
export const namesOf = <T extends Readonly<Record<string, unknown>>>(table: T) =>
  Schema.Literals(Object.keys(table) as Array<keyof T & string>) // as: Object.keys forgets the literal names

/** A path, relative to the working directory. */
export const FilePath = Schema.NonEmptyString

/** The keys that say where rows lie, and what they are. */
export const sourceKeys = {
  path: optional(
    FilePath,
    "File of JSON lines, JSON, CSV, TSV, Parquet or Arrow (also .gz, .zst), a folder, hf:owner/name@revision, or the name of a data set of the table (default where that of dataset lies on the hub)"
  ),
  format: optional(namesOf(formats), "How a row becomes a record (default what the first rows are)"),
  dataset: optional(namesOf(datasets), "Layout of a data set of the table, in place of a format"),
  config: optional(Schema.NonEmptyString, "Configuration of a folder or of the hub (default its own default)"),
  split: optional(Schema.NonEmptyString, "Split of a folder or of the hub (default train, or the only one)"),
  revision: optional(Schema.NonEmptyString, "Branch, tag or commit of the hub (default main)"),
  limit: optional(Schema.Int.check(Schema.isGreaterThan(0)), "Only the first this many rows (rows; default all)")
}

const Full = Schema.Struct(sourceKeys)

/** Rows of data: their path alone, or the path with what else is known of them. */
export const Source = Schema.Union([FilePath, Full])
export type Source = typeof Source.Type

/** A source with its keys. */
export const fullSource = (source: Source): typeof Full.Type => (typeof source === "string" ? { path: source } : source)
