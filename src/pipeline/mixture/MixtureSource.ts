import { Schema } from "effect"
import { defaulted, optional } from "../../../schemas/mod.ts"
import { Steps } from "../../curation/mod.ts"
import { datasets, formats } from "../../dataset/mod.ts"
import { FilePath, namesOf } from "../file/Source.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const Text = Schema.NonEmptyString

/** One source of a mixture: where its rows lie, what they are, which of them are taken, and how often. */
export const MixtureSource = Schema.Struct({
  name: optional(
    Text,
    "What its rows are labelled with (default the data set, else the last part of the path); each name once"
  ),
  dataset: optional(
    namesOf(datasets),
    "A data set of the table: how its rows become records, where they lie, which filters the recipe asks for"
  ),
  path: optional(
    FilePath,
    "File or folder of rows, hf:owner/name of the Hugging Face hub, or the name of a data set of the table (default where the data set lies on the hub)"
  ),
  format: optional(
    namesOf(formats),
    "How a row becomes a record, where no data set is named (default told from the rows)"
  ),
  config: optional(Text, "Configuration of a folder or of the hub (default that of the data set, or the default one)"),
  split: optional(Text, "Split of a folder or of the hub (default that of the data set, or all of them)"),
  revision: optional(Text, "Branch, tag or commit of the hub (default main; the commit is kept in data-mix.json)"),
  limit: optional(Count, "Only the first this many rows are read (rows; default all)"),
  filters: optional(Steps, "Rules for these rows alone, in order (default those of the data set; [] for none)"),
  take: optional(Count, "The most records that are mixed, after the filters (records; default all)"),
  pick: defaulted(
    Schema.Literals(["first", "random"]),
    "first",
    "Whether take means the first records, or a draw of all of them, in an order that the seed gives"
  ),
  weight: defaulted(
    Schema.Finite.check(Schema.isGreaterThan(0)),
    1,
    "How often this source is drawn beside the others (no unit)"
  ),
  licence: optional(Text, "Licence as the card names it (default what the table knows)")
})
export type MixtureSource = typeof MixtureSource.Type

/** The label of the rows of a source. */
export const labelOf = ({ dataset, name, path }: MixtureSource): string => {
  const file = path
    ?.replace(/[\\/]+$/, "")
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/(\.(jsonl|ndjson|json|csv|tsv|parquet|arrow|gz|zst))+$/, "")
  return name ?? dataset ?? file ?? "(none)"
}
