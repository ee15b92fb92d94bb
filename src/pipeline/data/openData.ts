import { Effect, type FileSystem, type Path, Result, Stream } from "effect"
import { type ArrowError, type RawRow, readRows, type Skipped } from "../../arrow/mod.ts"
import { DatasetError, datasets, findSource, type FolderError, type Place, type Source } from "../../dataset/mod.ts"
import type { HubError } from "../../hub/mod.ts"
import { type DataCounts, Tally } from "./DataCounts.ts"
import type { DataLineage } from "./DataLineage.ts"
import { type DataKind, dataKinds, type DataKinds, type DataSource } from "./DataSource.ts"
import { findFiles } from "./findFiles.ts"
import { datasetShape, formatShape } from "./findShape.ts"
import { holdsLines } from "./holdsLines.ts"
import { nameSource } from "./nameSource.ts"
import { rowNames } from "./rowNames.ts"

/**
 * Which data is opened, and as what.
 *
 * Domain   `kinds` are those that are wanted, all unless told; where the first row is of several, the first of them is taken.
 *          `onError` "stop" (unless told) fails at the first row that cannot be read; "skip" counts it and goes on.
 */
export interface OpenOptions<K extends DataKind> {
  readonly source: DataSource
  readonly kind?: K | undefined
  readonly kinds?: ReadonlyArray<K>
  readonly onError?: "stop" | "skip"
}

/** Why data cannot be opened or read. */
export type DataError = ArrowError | DatasetError | FolderError | HubError

/** Data that was found: what its rows are, the rows, what became of them, and where they are from. */
export interface OpenedData<K extends DataKind> {
  readonly kind: K
  readonly rows: Stream.Stream<DataKinds[K], DataError, FileSystem.FileSystem | Path.Path>
  /** What became of the rows in the last run of the stream: full when it has ended. */
  readonly counts: () => DataCounts
  readonly lineage: DataLineage
}

/** Rows that a format is told by. */
const frontRows = 20

const sourceOf = Effect.fnUntraced(function* (path: string, dataset: string) {
  const found: Result.Result<Source, DatasetError["reason"]> = findSource(datasets)(dataset)
  if (Result.isFailure(found)) return yield* new DatasetError({ path, reason: found.failure })
  return { dataset, source: found.success }
})

/** What a row of text holds: a line that is one string. */
const textValue = (row: RawRow): RawRow =>
  typeof row.value === "object" && row.value !== null && "text" in row.value ? { ...row, value: row.value.text } : row

/** What a file is where its name says otherwise. */
const kindOfFile = Effect.fnUntraced(function* (file: string, place: Place | undefined) {
  if (!/\.json(\.gz|\.zst)?$/i.test(file)) return {}
  if (place?.jsonFiles !== undefined) return { kind: place.jsonFiles }
  return (yield* holdsLines(file)) ? { kind: "jsonl" as const } : {}
})

/** The rows of a file before they are records; `tell` hears of those that were lost. */
const rawRows =
  ({ format }: DataSource, onError: "stop" | "skip", place: Place | undefined) =>
  (file: string, tell: (reason: string, rows: number, message: string) => void) => {
    const onSkip = ({ error, rows }: Skipped) => Effect.sync(() => tell(error.reason._tag, rows, error.message))
    const rows = Stream.unwrap(
      Effect.map(kindOfFile(file, place), (kind) => readRows(file, { ...kind, onError, values: "any", onSkip }))
    )
    return format === "text" ? Stream.map(rows, textValue) : rows
  }

/**
 * One way in for data: a file of any known kind, a folder as Hugging Face lays it out, or a data set of the hub, as a stream of
 * records; which kind of record, where they are from, and what became of the rows.
 *
 * Domain   memory holds what the reader of the file holds, and the group of rows at hand; limit counts rows over all files.
 * Fails    ArrowError, DatasetError (FormatUnclear, KindUnsupported, RowUnfit, SourceRowInvalid, DatasetUnknown, DatasetUnfit,
 *          RowsMissing, PathUnknown), FolderError, HubError
 */
export const openData = Effect.fn("openData")(function* <K extends DataKind = DataKind>(options: OpenOptions<K>) {
  const { onError = "stop" } = options
  const source = yield* nameSource(options.source)
  const { format, limit = Number.POSITIVE_INFINITY, path } = source
  const every = dataKinds as ReadonlyArray<K> // as: K is every kind where none is told
  const kinds = options.kind === undefined ? (options.kinds ?? every) : [options.kind]
  const named = source.dataset === undefined ? undefined : yield* sourceOf(path, source.dataset)
  const found = yield* findFiles(source, named?.source.place)
  const raw = rawRows(source, onError, named?.source.place)
  const front = Effect.fnUntraced(function* (file: string) {
    const rows = raw(file, () => undefined).pipe(Stream.take(Math.min(limit, frontRows)), Stream.runCollect)
    return { path: file, onError, rows: yield* rows }
  })
  const shape = named
    ? yield* Effect.fromResult(datasetShape(path, named.dataset, named.source, kinds))
    : yield* formatShape(format, kinds, yield* front(found.files[0] ?? path))
  const called = rowNames(found.files)
  const names = new Map(found.files.map((file, i) => [file, called[i] ?? file]))
  let tally = new Tally()
  const rows = Stream.suspend(() => {
    const mine = new Tally()
    tally = mine
    let left = limit
    const read = (file: string) =>
      raw(file, (reason, count, message) => mine.lose(reason, count, message)).pipe(
        Stream.take(left),
        Stream.tap(() => Effect.sync(() => left--)),
        shape.read({ path: file, name: names.get(file) ?? file, onError, tally: mine })
      )
    return Stream.flatMap(Stream.fromIterable(found.files), (file) => (left > 0 ? read(file) : Stream.empty))
  })
  const opened: OpenedData<K> = {
    kind: shape.kind,
    rows: rows as OpenedData<K>["rows"], // as: the shape was chosen by the kind
    counts: () => tally.counts(),
    lineage: { ...found, ...shape.lineage }
  }
  return opened
})
