import { Effect, Result, Stream } from "effect"
import type { RawRow } from "../../arrow/mod.ts"
import { DatasetError, type Readable, readSource, type RowReader, RowUnfit } from "../../dataset/mod.ts"
import type { Tally } from "./DataCounts.ts"
import type { DataKind, DataKinds } from "./DataSource.ts"

/** Any record. */
export type DataRecord = DataKinds[DataKind]

/** How the rows of one file become records; `name` is what those without an id are called after. */
export interface FileOptions {
  readonly path: string
  readonly name: string
  readonly onError: "stop" | "skip"
  readonly tally: Tally
}

/** Rows of a file in, records out. */
export type ReadShape = (
  options: FileOptions
) => <E, R>(rows: Stream.Stream<RawRow, E, R>) => Stream.Stream<DataRecord, E | DatasetError, R>

/** Reads rows by a format. */
export const readFormat =
  (format: string, read: RowReader<DataRecord>): ReadShape =>
  ({ name, onError, path, tally }) =>
  (rows) =>
    rows.pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* ({ number, place, value }: RawRow) {
          tally.counted.rowsIn++
          const record = read(value, `${name}:${number}`)
          if (Result.isSuccess(record)) {
            tally.counted.recordsOut++
            return [record.success]
          }
          const reason = new RowUnfit({ format, place, number, issues: record.failure })
          const error = new DatasetError({ path, reason })
          if (onError === "stop") return yield* error
          tally.skip(reason._tag, 1, error.message)
          return []
        })
      ),
      Stream.flattenIterable
    )

/** Reads rows by the layout of a data set. */
export const readDatasetShape =
  (dataset: string, source: Readable<DataRecord>): ReadShape =>
  ({ name, onError, path, tally }) => {
    const onSkip = ({ message, reason }: DatasetError, count: number) => tally.skip(reason._tag, count, message)
    return (rows) => {
      const { counts, stream } = readSource({ dataset, source, rows, path, name, onError, onSkip })
      const add = Effect.sync(() => {
        const { added, dropped, recordsOut, rowsIn, scattered } = counts()
        tally.counted.rowsIn += rowsIn
        tally.counted.recordsOut += recordsOut
        tally.counted.added += added
        tally.counted.scattered += scattered
        for (const [rule, records] of Object.entries(dropped)) tally.drop(rule, records)
      })
      return Stream.ensuring(stream, add)
    }
  }
