import { Schema } from "effect"
import { DatasetStatistics, Seed } from "../../../schemas/mod.ts"

const Rows = Schema.Natural

/** What a rule dropped, and the first rows of that. */
const RuleCount = Schema.Struct({
  rule: Schema.String,
  dropped: Rows,
  examples: Schema.Array(Schema.Struct({ id: Schema.String, why: Schema.String }))
})
export type RuleCount = typeof RuleCount.Type

/** A file that was read, and the SHA-256 of its content. */
const InputFile = Schema.Struct({ path: Schema.String, sha256: Schema.String })
export type InputFile = typeof InputFile.Type

/**
 * What became of the rows of one source.
 *
 * Units    `rowsIn` in rows of the files; `unread` in records that reading left out, by rule; `skipped` in rows that could not be
 *          read, by reason; `records`, `kept` and `mixed` in records: read, left by the filters, and drawn into the mixture. A
 *          source that began again is counted again.
 * Domain   records = kept + what the filters dropped, where the source was read to its end.
 */
const SourceReport = Schema.Struct({
  name: Schema.String,
  place: Schema.String,
  dataset: Schema.optionalKey(Schema.String),
  id: Schema.optionalKey(Schema.String),
  revision: Schema.optionalKey(Schema.String),
  licence: Schema.String,
  files: Schema.Array(InputFile),
  rowsIn: Rows,
  skipped: Schema.Record(Schema.String, Rows),
  unread: Schema.Record(Schema.String, Rows),
  records: Rows,
  filters: Schema.Array(RuleCount),
  kept: Rows,
  mixed: Rows
})
export type SourceReport = typeof SourceReport.Type

/**
 * What a mixture was made of and what became of every row: the lineage that lies beside the data as data-mix.json.
 *
 * Units    `mixed`, `kept` and `rows` in records: drawn from the sources, left by the filters of the whole, and written.
 * Domain   `hash` is that of the settings and of the content of every input; mixed = kept + what `filters` dropped.
 */
export const MixReport = Schema.Struct({
  name: Schema.String,
  hash: Schema.String,
  seed: Seed,
  kind: Schema.String,
  sources: Schema.Array(SourceReport),
  mixed: Rows,
  filters: Schema.Array(RuleCount),
  kept: Rows,
  rows: Rows,
  splits: Schema.Array(Schema.Struct({ name: Schema.String, rows: Rows, shards: Rows })),
  statistics: DatasetStatistics,
  settings: Schema.Unknown
})
export type MixReport = typeof MixReport.Type
