import { Console, Effect, Path, Stream } from "effect"
import type { DataRow } from "../../metric/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { badInput } from "./readExamples.ts"

/** What rows can be read as. What a first row may be comes first, in the order in which it is asked. */
const kinds = ["judged", "preferences", "demonstrations", "prompts"] as const

export interface StatsOptions {
  readonly files: ReadonlyArray<string>
  readonly format: string
  readonly kind: (typeof kinds)[number] | undefined
  readonly tokenizer: string | undefined
  readonly by: "dataset" | "source"
  readonly out: string | undefined
  readonly json: boolean
}

/** A row that says of which data set it is. */
const named = (row: DataRow, dataset: string): DataRow => ({ dataset, ...row })

/** The rows of all files, one after the other; what names no data set is of the one its file is named after. */
const rowsOf = Effect.fnUntraced(function* ({ files, format, kind: wanted }: StatsOptions) {
  const { formats, kindOf, streamRows } = yield* Effect.promise(() => import("../../dataset/mod.ts"))
  const { basename } = yield* Path.Path
  const kind = wanted ?? (yield* kindOf({ formats, kinds, source: { path: files[0] ?? "", format } }))
  return Stream.fromIterable(files).pipe(
    Stream.flatMap((path) => {
      const dataset = basename(path).replace(/(\.(jsonl|ndjson|json|gz))+$/, "")
      return streamRows({ formats, kind, source: { path, format } }).pipe(
        Stream.map(({ record }) => named(record, dataset))
      )
    })
  )
})

const tokenizerOf = Effect.fnUntraced(function* (folder: string) {
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  const { basename } = yield* Path.Path
  const { encode } = yield* badInput(openTokenizer(folder))
  return { tokenizer: { name: basename(folder), encode } }
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
  const rows = yield* badInput(rowsOf(options))
  const statistics = yield* badInput(measureStatistics(rows, { by, ...counting }))
  const names = files.map((file) => `"${file}"`).join(", ")
  if (statistics.all.rows === 0) {
    return yield* new BadInput({ message: `Cannot sum up ${names}: found no rows, wanted at least one` })
  }
  const title = `Statistics of ${names}`
  const written = out === undefined ? {} : { files: yield* writeStatistics(statistics, { folder: out, title }) }
  if (options.json) return yield* printJson({ ...statistics, ...written })
  yield* Console.log(formatStatistics(statistics))
  if (out !== undefined) yield* Console.log(`\nWrote statistics.json, .md, .svg and .html into "${out}"`)
})
