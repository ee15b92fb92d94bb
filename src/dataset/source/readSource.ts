import type { Problem } from "../../../schemas/mod.ts"
import { Effect, Result, Stream } from "effect"
import type { RawRow } from "../../arrow/mod.ts"
import { DatasetError, SourceRowInvalid } from "../errors.ts"
import { type Counts, noCounts } from "./Counts.ts"
import { type Group, singly, together } from "./groupRows.ts"
import type { Reading, Readable } from "./Source.ts"

/** Which data set the rows of a file are of. */
export interface ReadSourceOptions<A, E, R> {
  /** The name of the data set in its table. */
  readonly dataset: string
  readonly source: Readable<A>
  readonly rows: Stream.Stream<RawRow, E, R>
  /** The file, as errors call it. */
  readonly path: string
  /** What rows without an id are called after: `<name>:<line or row>`. */
  readonly name: string
  /** What to do with a row that does not have the layout: stop (the default), or count it as skipped and go on. */
  readonly onError?: "stop" | "skip"
  /** Hears of rows that are skipped. */
  readonly onSkip?: (error: DatasetError, rows: number) => void
}

const note = (counts: Counts, rows: number, { dropped, records }: Reading<unknown>): void => {
  counts.recordsOut += records.length
  counts.added += Math.max(0, records.length - rows)
  for (const [rule, count] of Object.entries(dropped)) counts.dropped[rule] = (counts.dropped[rule] ?? 0) + count
}

/**
 * The records of the rows of a data set, as they are read, and what became of the rows: the counts are full when the stream
 * has ended, and another run of it adds to them.
 *
 * Domain   rows that belong together are compared where they lie next to each other; the others are counted as scattered.
 * Fails    DatasetError: SourceRowInvalid, unless such rows are skipped; and as `rows` does.
 */
export const readSource = <A, E, R>(options: ReadSourceOptions<A, E, R>) => {
  const { dataset, name, onError = "stop", onSkip, path, rows, source } = options
  const counts = noCounts()
  const read = ({ problem, rows: [first, ...rest] }: Group): Result.Result<Reading<A>, Problem> =>
    problem
      ? Result.fail(problem)
      : source.read(
          source.grouping ? [first, ...rest].map(({ value }) => value) : first.value,
          `${name}:${first.number}`
        )
  const records = Effect.fnUntraced(function* (group: Group) {
    const [{ number, place }] = group.rows
    counts.rowsIn += group.rows.length
    if (group.scattered) counts.scattered += group.rows.length
    const reading = read(group)
    if (Result.isSuccess(reading)) {
      note(counts, group.rows.length, reading.success)
      return reading.success.records
    }
    const error = new DatasetError({
      path,
      reason: new SourceRowInvalid({ dataset, place, number, ...reading.failure })
    })
    if (onError === "stop") return yield* error
    counts.skipped += group.rows.length
    onSkip?.(error, group.rows.length)
    return []
  })
  const groups = source.grouping ? together(source.grouping)(rows) : singly(rows)
  const stream: Stream.Stream<A, E | DatasetError, R> = Stream.flattenIterable(Stream.mapEffect(groups, records))
  return { stream, counts: (): Readonly<Counts> => counts }
}
