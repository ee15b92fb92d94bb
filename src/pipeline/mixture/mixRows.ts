import { Effect, FileSystem, Option, Path, Schema, Stream } from "effect"
import { fromRows, type RecordSchema, writeArrow } from "../../arrow/mod.ts"
import { syncPath, writeDurably } from "../store/durable.ts"
import { MixReport } from "./MixReport.ts"

/** A mixture that was opened. */
interface Opened<A, E, R> {
  readonly hash: string
  readonly schema: RecordSchema<A>
  readonly rows: Stream.Stream<A, E, R>
  readonly report: (splits: MixReport["splits"]) => MixReport
}

/** Where mixed rows lie, and how. */
interface MixRows {
  readonly folder: string
  readonly rowsPerBatch: number
  readonly onGoOn: (rows: number) => Effect.Effect<void>
}

/** Where mixed rows lie in a folder; the report is written when they are complete. */
export const mixedFiles = (join: Path.Path["join"], folder: string) => ({
  path: join(folder, "mixed.arrow"),
  report: join(folder, "mixed.json")
})

const ReportText = Schema.fromJsonString(MixReport)

/**
 * All rows of a mixture in their final order, in one file, and what became of each row; those of an earlier run of the same mixture
 * where it was stopped after them.
 *
 * Fails    as the rows do; ArrowError, PlatformError
 */
export const mixRows = Effect.fnUntraced(function* <A, E, R>(
  { hash, report, rows, schema }: Opened<A, E, R>,
  { folder, onGoOn, rowsPerBatch }: MixRows
) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const files = mixedFiles(join, folder)
  const text = Effect.flatMap(fs.readFileString(files.report), Schema.decodeUnknownEffect(ReportText))
  const before = Option.getOrUndefined(yield* Effect.option(text))
  if (before?.hash === hash) {
    yield* onGoOn(before.rows)
    return { path: files.path, report: before }
  }
  yield* fs.remove(files.report, { force: true })
  yield* rows.pipe(
    Stream.grouped(rowsPerBatch),
    Stream.map((group) => fromRows(schema, group)),
    writeArrow(files.path, schema)
  )
  yield* syncPath(files.path)
  const mixed = report([])
  yield* writeDurably(files.report, JSON.stringify(mixed))
  return { path: files.path, report: mixed }
})
