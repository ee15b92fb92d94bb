import { Argument, Flag } from "effect/cli"
import { FormatName } from "../../schemas/mod.ts"
import { choice, count, maybe, path } from "./flags.ts"

/** Where data lies. */
const place =
  "JSON lines, JSON, CSV, TSV, Parquet or Arrow (also .gz, .zst), a folder as Hugging Face lays it out, or hf:owner/name[@revision]"

/** One source of data. */
export const source = Argument.String("source").pipe(Argument.withDescription(place))

/** Some sources of data. */
export const sources = source.pipe(Argument.atLeast(1))

const text = (name: string, metavar: string, description: string) =>
  maybe(Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar(metavar)))

/** What becomes of rows that cannot be read. */
export const onError = choice("on-error", ["stop", "skip"], {
  otherwise: "stop",
  description: "Whether a row that cannot be read stops everything, or is counted and left out"
})

/** Which rows of a source are read, and as what. */
export const dataFlags = {
  dataset: text("dataset", "NAME", "Layout of a data set by its name, such as hhRlhf or ultraFeedback (default none)"),
  config: text("config", "NAME", "Configuration of a folder or of the hub (default its own default)"),
  split: text("split", "NAME", 'Split of a folder or of the hub (default "train", or the only one)'),
  revision: text("revision", "NAME", 'Branch, tag or commit on the hub (default "main")'),
  limit: count("limit", "The first rows of each source only (default all)"),
  onError
}

/** The shape of rows; without it, it is found in the first of them. */
export const shapeFlag = maybe(
  Flag.Literals("format", FormatName.literals).pipe(
    Flag.withDescription("Shape of the rows (default what the first rows are)")
  )
)

/** A file of rules. */
export const rulesFlag = maybe(path("rules", "FILE", "Rules in YAML, applied in order: - ties: {} (default none)"))
