import { Schema } from "effect"
import { defaulted, optional, required, Seed } from "../../../schemas/mod.ts"
import { Steps } from "../../curation/mod.ts"
import { Arguments } from "../file/Arguments.ts"
import { Bytes } from "../file/Bytes.ts"
import { FilePath } from "../file/Source.ts"
import { MixtureSource } from "./MixtureSource.ts"

const Name = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9-]*$/, { message: "Expected lower-case words joined by -" })
)
const Count = Schema.Int.check(Schema.isGreaterThan(0))
const Text = Schema.NonEmptyString

const Benchmark = Schema.Struct({
  path: required(
    FilePath,
    "Test set: a file of JSON lines, JSON, CSV, Parquet or Arrow, also packed, a folder, or hf:owner/name@revision"
  ),
  fields: optional(
    Schema.Array(Text).check(Schema.isMinLength(1, { message: "Expected at least one field" })),
    "The fields of a row that are its text, one below the other (default all that hold text)"
  )
})

const Split = Schema.Struct({
  shares: defaulted(
    Schema.Record(Schema.String, Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))),
    { train: 1 },
    "The share of each part, by its name; they need not add up to 1 (no unit)"
  ),
  by: defaulted(
    Schema.Literals(["prompt", "opening"]),
    "prompt",
    "What may not be in two parts: a whole prompt, or the first turn of the user, with all that follows it"
  )
})

const Export = Schema.Struct({
  formats: defaulted(
    Schema.Array(Schema.Literals(["parquet", "jsonLines"])).check(
      Schema.makeFilter((formats) => formats.includes("parquet"), { message: 'Expected "parquet" among the formats' })
    ),
    ["parquet", "jsonLines"],
    "What is written: Parquet always, JSON lines beside it"
  ),
  columns: defaulted(
    Schema.Literals(["all", "trl"]),
    "all",
    "The columns of TRL alone, or also ids, margins (which its RewardTrainer takes as those of its loss), data sets and annotators"
  ),
  rowsPerGroup: defaulted(Count, 1000, "Rows that are written at once: more need more memory (rows)"),
  rowsPerShard: defaulted(Count, 100_000, "Rows after which a new file begins (rows)")
})

const Card = Schema.Struct({
  title: optional(Text, "Title of the card (default the name)"),
  summary: optional(Text, "What the data are, in a few sentences"),
  licence: defaulted(Text, "other", "Licence of the whole, as the hub spells it; sources keep their own"),
  languages: defaulted(Schema.Array(Text), ["en"], "Languages, as the hub spells them"),
  tags: defaulted(Schema.Array(Text), [], "Tags beside those of the kind")
})

/**
 * A mixture of data sets as a person writes it in YAML: sources, rules, mixture, shuffle, split, export.
 *
 * Source   Appendix B.1: filters and the two training sets mix1 and mix2.
 */
export const MixtureFile = Schema.Struct({
  name: required(Name, "Name of the mixture, and of its folder"),
  seed: defaulted(Seed, 0, "All chance of the mixture is derived from this number"),
  kind: required(Schema.Literals(["preferences", "demonstrations", "judged", "prompts"]), "What every row is"),
  arguments: Arguments,
  sources: required(
    Schema.Array(MixtureSource).check(Schema.isMinLength(1, { message: "Expected at least one source" })),
    "What is mixed"
  ),
  exhausted: defaulted(
    Schema.Literals(["goOn", "stop", "repeat"]),
    "goOn",
    "When a source has no more rows: the others go on, the mixture stops, or it begins again until all have ended once"
  ),
  filters: defaulted(Steps, [], "Rules for the rows of all sources together, in order"),
  take: optional(Count, "The most rows that are written, the first in the final order (rows; default all)"),
  benchmarks: defaulted(
    Schema.Record(Schema.String, Benchmark),
    {},
    "Test sets by the names that the rule decontaminate calls"
  ),
  tokenizer: optional(FilePath, "Folder of the tokenizer of the rule tokens and of the lengths in the card"),
  order: defaulted(
    Schema.Literals(["shuffled", "drawn"]),
    "shuffled",
    "Whether the rows are shuffled at the end, or stay in the order in which they were drawn from the sources"
  ),
  shuffle: defaulted(
    Schema.Struct({
      memory: defaulted(Bytes, "64 MiB", "Rows that are sorted at once; changes nothing in their order (bytes)")
    }),
    {},
    "How rows are shuffled in files"
  ),
  split: defaulted(Split, {}, "How prompts are divided; no prompt is in two parts"),
  export: defaulted(Export, {}, "What is written"),
  card: defaulted(Card, {}, "What the card says"),
  out: optional(FilePath, "Folder that is written (default runs/<name>)")
})
export type MixtureFile = typeof MixtureFile.Type

/** The folder of a mixture. */
export const folderOf = ({ name, out }: MixtureFile): string => (out ?? `runs/${name}`).replace(/[\\/]+$/, "")
