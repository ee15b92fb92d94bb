import { Schema } from "effect"
import { defaulted, optional, required } from "../../../schemas/mod.ts"
import { datasets, formats } from "../../dataset/mod.ts"

/** The names of a table as literals that a schema can check. */
export const namesOf = <T extends Readonly<Record<string, unknown>>>(table: T) =>
  Schema.Literals(Object.keys(table) as Array<keyof T & string>) // as: Object.keys forgets the literal names

/** A path, relative to the working directory. */
export const FilePath = Schema.NonEmptyString

/** The keys of a file of records. */
export const sourceKeys = {
  path: required(
    FilePath,
    "File of JSON lines (plain or .gz), of JSON, CSV, TSV, Parquet or Arrow (also .gz, .zst), a folder, or hf:owner/name@revision (paths from the working directory)"
  ),
  format: defaulted(namesOf(formats), "records", "How a line becomes a record"),
  dataset: optional(namesOf(datasets), "Layout of a data set of the paper, in place of a format"),
  config: optional(Schema.NonEmptyString, "Configuration of a folder or of the hub (default its own default)"),
  split: optional(Schema.NonEmptyString, "Split of a folder or of the hub (default train, or the only one)"),
  limit: optional(Schema.Int.check(Schema.isGreaterThan(0)), "Only the first this many rows (rows; default all)")
}

const Full = Schema.Struct(sourceKeys)
type Full = typeof Full.Type

/** A file of records: its path alone when its lines are our records, or the path with a format and a limit. */
export const Source = Schema.Union([FilePath, Full])
export type Source = typeof Source.Type

/** A source with every key written out. */
export const fullSource = (source: Source): Full =>
  typeof source === "string" ? { path: source, format: "records" } : source
