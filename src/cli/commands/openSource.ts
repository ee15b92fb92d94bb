import { Console, Effect, Schedule, Stream } from "effect"
import type { DataCounts, DataKind, OpenedData } from "../../pipeline/data/mod.ts"
import { BadInput } from "../BadInput.ts"

/** Which rows of a source a command reads. */
export interface SourceOptions {
  readonly format: string | undefined
  readonly dataset?: string | undefined
  readonly config?: string | undefined
  readonly split?: string | undefined
  readonly revision?: string | undefined
  readonly limit?: number | undefined
  readonly onError?: "stop" | "skip"
}

/** What does not lie in what a person wrote. */
const elsewhere = new Set([
  "HubRefused",
  "HubUnreachable",
  "AnswerInvalid",
  "FileDiffers",
  "CacheRefused",
  "FileRefused"
])

interface Failure extends Error {
  readonly action?: string
  readonly reason?: unknown
}

const isElsewhere = ({ action, reason }: Failure): boolean =>
  action === "write" ||
  (typeof reason === "object" &&
    reason !== null &&
    "_tag" in reason &&
    typeof reason._tag === "string" &&
    elsewhere.has(reason._tag))

/** What a person wrote is the reason of the failure, unless the disk or the hub failed. */
export const dataBadInput = Effect.mapError((error: Failure) =>
  isElsewhere(error) ? error : new BadInput({ message: error.message })
)

/** Opens a source as the first of some kinds that its rows are. */
export const openSource = Effect.fnUntraced(function* <K extends DataKind>(
  path: string,
  options: SourceOptions,
  kinds: ReadonlyArray<K>
) {
  const { openData } = yield* Effect.promise(() => import("../../pipeline/data/mod.ts"))
  const { config, dataset, format, limit, onError = "stop", revision, split } = options
  const source = { path, format, dataset, config, split, revision, limit }
  return yield* openData({ source, kinds, onError })
})

/** How long a command is silent while it reads. */
const silence = "10 seconds"

/** Says on stderr now and then how many rows went by. */
export const tellRows = <A, E, R>(rows: Stream.Stream<A, E, R>): Stream.Stream<A, E, R> =>
  Stream.unwrap(
    Effect.gen(function* () {
      let count = 0
      const tell = Effect.suspend(() => Console.error(`${count} rows`))
      yield* Effect.forkScoped(Effect.delay(Effect.repeat(tell, Schedule.spaced(silence)), silence))
      return Stream.tap(rows, () => Effect.sync(() => count++))
    })
  )

/** What was left out of a source while it was read, one line for each reason. */
const leftOutLines = ({ dropped, scattered, skipped }: DataCounts): ReadonlyArray<string> => [
  ...Object.entries(skipped).map(([reason, { examples, rows }]) =>
    [`Skipped ${rows} rows: ${reason}`, ...examples].join("\n  ")
  ),
  ...Object.entries(dropped).map(([rule, records]) => `Left out ${records} records: ${rule}`),
  ...(scattered > 0 ? [`${scattered} rows lie apart from others of their key`] : [])
]

/** Says on stderr what was left out of a source. */
export const tellLeftOut = (counts: DataCounts): Effect.Effect<void> =>
  Effect.forEach(leftOutLines(counts), (line) => Console.error(line), { discard: true })

/** What a command says of a source as data. */
export const sourceData = ({ counts, kind, lineage }: OpenedData<DataKind>) => ({ kind, lineage, counts: counts() })
