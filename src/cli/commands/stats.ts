import { Console, Effect, Path, Stream } from "effect"
import type { DataRow } from "../../metric/mod.ts"
import type { DataLineage, OpenedData } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { dataBadInput, openSource, sourceData, type SourceOptions, tellLeftOut, tellRows } from "./openSource.ts"
import { badInput } from "./readExamples.ts"

/** What rows can be read as. What a first row may be comes first, in the order in which it is asked. */
const kinds = ["judged", "preferences", "demonstrations", "prompts"] as const

export interface StatsOptions extends SourceOptions {
  readonly files: ReadonlyArray<string>
  readonly kind: (typeof kinds)[number] | undefined
  readonly tokenizer: string | undefined
  readonly by: "dataset" | "source"
  readonly out: string | undefined
  readonly json: boolean
}

/** A row that says of which data set it is. */
const named = (row: DataRow, dataset: string): DataRow => ({ dataset, ...row })

/** What the rows of a source are called where they name no data set: the hub's id, or the file's name. */
const nameOf = Effect.fnUntraced(function* ({ id, path }: DataLineage) {
  const { basename } = yield* Path.Path
  return id ?? basename(path).replace(/(\.(jsonl|ndjson|json|csv|tsv|txt|parquet|arrow|gz|zst))+$/, "")
})

/** All sources, which are of the kind of the first. */
const openAll = Effect.fnUntraced(function* (options: StatsOptions) {
  const opened: Array<OpenedData<(typeof kinds)[number]>> = []
  for (const path of options.files) {
    const kind = options.kind ?? opened[0]?.kind
    opened.push(yield* openSource(path, options, kind === undefined ? kinds : [kind]))
  }
  return opened
}, dataBadInput)

/** The rows of all sources, one after the other. */
const rowsOf = (opened: ReadonlyArray<OpenedData<(typeof kinds)[number]>>) =>
  Stream.fromIterable(opened).pipe(
    Stream.mapEffect((data) => Effect.map(nameOf(data.lineage), (name) => ({ data, name }))),
    Stream.flatMap(({ data, name }) => Stream.map(data.rows, (record) => named(record, name))),
    tellRows
  )

const tokenizerOf = Effect.fnUntraced(function* (folder: string) {
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { basename } = yield* Path.Path
  const { openTokenizing } = yield* Effect.promise(() => import("../../tokenizing/mod.ts"))
  const tokenizing = yield* openTokenizing(yield* badInput(openTokenizer(folder)))
  return { tokenizer: { name: basename(folder), ...tokenizing } }
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
  const counting = tokenizer === undefined ? {} : yield* tokenizerOf(tokenizer)
  const opened = yield* openAll(options)
  const statistics = yield* dataBadInput(measureStatistics(rowsOf(opened), { by, ...counting }))
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
