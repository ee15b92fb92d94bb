import { Console, Effect, Path, Stream } from "effect"
import type { DataRow } from "../../metric/mod.ts"
import type { DataLineage, OpenedData } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut, tellRows } from "./openSource.ts"
import { badInput } from "./readExamples.ts"
import { type NamedTokenizer, tokenizerAt } from "./tokenizerAt.ts"

/** What rows can be read as. What a first row may be comes first, in the order in which it is asked. */
const kinds = ["judged", "preferences", "demonstrations", "prompts"] as const

export interface StatsOptions extends SourceOptions {
  readonly files: ReadonlyArray<string>
  readonly kind: (typeof kinds)[number] | undefined
  readonly tokenizer: string | undefined
  readonly by: "dataset" | "source" | "split"
  readonly out: string | undefined
  readonly json: boolean
}

type Opened = OpenedData<(typeof kinds)[number]>

/** What the rows of a source are called where they name no data set: the hub's id, or the file's name. */
const nameOf = Effect.fnUntraced(function* ({ id, path }: DataLineage) {
  const { basename } = yield* Path.Path
  return id ?? basename(path).replace(/(\.(jsonl|ndjson|json|csv|tsv|txt|parquet|arrow|gz|zst))+$/, "")
})

/** The other splits of a source, where rows are grouped by them and none was told. */
const otherSplits = ({ lineage }: Opened, { by, split }: StatsOptions): ReadonlyArray<string> =>
  by === "split" && split === undefined ? (lineage.splits ?? []).filter((name) => name !== lineage.split) : []

/** All sources, which are of the kind of the first; each split by itself, where rows are grouped by them. */
const openAll = Effect.fnUntraced(function* (options: StatsOptions) {
  const opened: Array<Opened> = []
  for (const path of options.files) {
    const kind = options.kind ?? opened[0]?.kind
    const first = yield* openSource(path, options, kind === undefined ? kinds : [kind])
    opened.push(first)
    for (const split of otherSplits(first, options))
      opened.push(yield* openSource(path, { ...options, split }, [first.kind]))
  }
  return opened
}, dataBadInput)

/** What the rows of a source say beside what they hold: their data set, unless they name one, and their split. */
const labelsOf = Effect.fnUntraced(function* ({ lineage }: Opened, { files }: StatsOptions) {
  const dataset = yield* nameOf(lineage)
  const { split } = lineage
  return { dataset, split: split === undefined || files.length === 1 ? (split ?? dataset) : `${dataset}: ${split}` }
})

/** The rows of all sources, one after the other. */
const rowsOf = (opened: ReadonlyArray<Opened>, options: StatsOptions) =>
  Stream.fromIterable(opened).pipe(
    Stream.mapEffect((data) => Effect.map(labelsOf(data, options), (labels) => ({ data, labels }))),
    Stream.flatMap(({ data, labels }) => Stream.map(data.rows, (record): DataRow => ({ ...labels, ...record }))),
    tellRows
  )

/** What counts tokens, under the name of its folder. */
const tokenizingOf = Effect.fnUntraced(function* ({ name, tokenizer }: NamedTokenizer) {
  const { openTokenizing } = yield* Effect.promise(() => import("../../tokenizing/mod.ts"))
  return { name, ...(yield* openTokenizing(tokenizer)) }
})

/**
 * Says what files hold, in the columns of Table 5, and writes it as data and as a page where it is asked to.
 *
 * Fails    BadInput when a file cannot be read or holds no rows; PlatformError when the folder cannot be written.
 */
export const stats = Effect.fn("stats")(function* (options: StatsOptions) {
  const { formatStatistics, measureStatistics, writeStatistics } = yield* Effect.promise(
    () => import("../../report/mod.ts")
  )
  const { by, files, out, tokenizer } = options
  const opened = yield* openAll(options)
  const found = yield* badInput(tokenizerAt(tokenizer))
  const counting = found === undefined ? {} : { tokenizer: yield* tokenizingOf(found) }
  const statistics = yield* dataBadInput(measureStatistics(rowsOf(opened, options), { by, ...counting }))
  for (const { counts } of opened) yield* tellLeftOut(counts())
  const names = files.map((file) => `"${file}"`).join(", ")
  if (statistics.all.rows === 0) {
    return yield* new BadInput({ message: `Cannot sum up ${names}: found no rows, wanted at least one` })
  }
  const title = `Statistics of ${names}`
  const written = out === undefined ? {} : { files: yield* writeStatistics(statistics, { folder: out, title }) }
  if (options.json) return yield* printJson({ ...statistics, ...written, sources: opened.map(sourceData) })
  yield* Console.log(formatStatistics(statistics))
  if (out !== undefined) yield* Console.log(`\nWrote statistics.json, .md, .svg and .html into "${out}"`)
}, Effect.scoped)
