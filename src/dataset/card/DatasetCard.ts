import { Schema } from "effect"

const Text = Schema.NonEmptyString

/** A data set that rows were taken from. */
const Source = Schema.Struct({
  name: Text,
  id: Schema.optionalKey(Text),
  revision: Schema.optionalKey(Text),
  licence: Text,
  rows: Schema.optionalKey(Schema.Natural)
})

/**
 * What a card says of a data set beside its files.
 *
 * Domain   `licence` and `languages` as the hub spells them ("apache-2.0", "en"); `rules` say how many rows each dropped;
 *          `statistics` is a table, as many cells in each row as columns.
 */
export const DatasetCard = Schema.Struct({
  title: Text,
  summary: Schema.optionalKey(Text),
  licence: Text,
  languages: Schema.Array(Text),
  tags: Schema.optionalKey(Schema.Array(Text)),
  sources: Schema.Array(Source),
  rules: Schema.optionalKey(Schema.Array(Schema.Struct({ rule: Text, dropped: Schema.Natural }))),
  statistics: Schema.optionalKey(
    Schema.Struct({
      columns: Schema.Array(Text),
      rows: Schema.Array(Schema.Array(Schema.Union([Schema.String, Schema.Finite])))
    })
  )
})
export type DatasetCard = typeof DatasetCard.Type
