import { Effect, FileSystem, Option, Path, Schema, Stream } from "effect"
import { type ArrowError, type Batch, fromRows, readArrow, type RecordSchema, writeArrow } from "../../arrow/mod.ts"
import { splitOf } from "../../curation/mod.ts"
import { exportDataset, type ExportKinds } from "../../dataset/mod.ts"
import { FolderForeign, PipelineError } from "../errors.ts"
import { lockFolder } from "../store/lock.ts"
import { cardOf, type TableOf } from "./cardOf.ts"
import { folderOf, type MixtureFile } from "./MixtureFile.ts"
import type { MixKind } from "./MixKind.ts"
import { MixReport } from "./MixReport.ts"
import { openMixture } from "./openMixture.ts"

/** How a mixture is made, and where. */
export interface MixDataOptions {
  readonly file: MixtureFile
  readonly onError: "stop" | "skip"
  readonly tableOf: TableOf
  /** Hears now and then how many rows were mixed. */
  readonly tell?: (rows: number) => Effect.Effect<void>
}

/** What was made, or found to be there already. */
export interface Mixed {
  readonly folder: string
  readonly report: MixReport
  readonly made: boolean
}

/** The name of the report beside the data. */
const reportName = "data-mix.json"

const ReportText = Schema.fromJsonString(MixReport)

/** A folder for temporary files that this process alone works in, until the scope closes. */
const workFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const work = `${folder}.work`
  yield* fs.makeDirectory(work, { recursive: true })
  yield* lockFolder(work)
  yield* Effect.addFinalizer(() => Effect.ignore(fs.remove(work, { recursive: true, force: true })))
  const rows = join(work, "rows")
  yield* fs.remove(rows, { recursive: true, force: true })
  yield* fs.makeDirectory(rows)
  return rows
})

/**
 * The report of an earlier run of the same mixture, where the folder holds one.
 *
 * Fails    PipelineError: FolderForeign where it holds anything else.
 */
const earlier = Effect.fnUntraced(function* (folder: string, hash: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const names = yield* Effect.orElseSucceed(fs.readDirectory(folder), () => [])
  if (names.length === 0) return undefined
  const text = Effect.flatMap(fs.readFileString(join(folder, reportName)), Schema.decodeUnknownEffect(ReportText))
  const report = Option.getOrUndefined(yield* Effect.option(text))
  if (report?.hash === hash) return report
  const found = report === undefined ? "other files" : `mixture "${report.name}" with other settings or inputs`
  return yield* new PipelineError({ action: "use the run folder", what: folder, reason: new FolderForeign({ found }) })
})

/** Rows as the batches of each split. Where there are several, all rows lie in a file that each split is read from. */
const splitRows = Effect.fnUntraced(function* <K extends MixKind, E, R>(
  rows: Stream.Stream<ExportKinds[K], E, R>,
  options: { readonly file: MixtureFile; readonly schema: RecordSchema<ExportKinds[K]>; readonly folder: string }
) {
  const { file, folder, schema } = options
  const { join } = yield* Path.Path
  const partOf = yield* Effect.fromResult(splitOf({ ...file.split, seed: file.seed }))
  const batches = rows.pipe(
    Stream.grouped(file.export.rowsPerGroup),
    Stream.map((group) => fromRows(schema, group))
  )
  const names = Object.entries(file.split.shares).flatMap(([name, share]) => (share > 0 ? [name] : []))
  const [only, other] = names
  const parts: Record<string, Stream.Stream<Batch<ExportKinds[K]>, E | ArrowError, R | FileSystem.FileSystem>> = {}
  if (only !== undefined && other === undefined) return { ...parts, [only]: batches }
  const all = join(folder, "all.arrow")
  yield* writeArrow(all, schema)(batches)
  for (const name of names) {
    const isOf = (row: ExportKinds[K]) => partOf(row) === name
    parts[name] = Stream.map(readArrow(all, schema, { rows: "trusted" }), (batch) =>
      fromRows(schema, batch.rows.filter(isOf))
    )
  }
  return parts
})

const mixKind = Effect.fnUntraced(function* <K extends MixKind>(kind: K, options: MixDataOptions) {
  const { file, onError, tableOf, tell = () => Effect.void } = options
  const folder = folderOf(file)
  const work = yield* workFolder(folder)
  const { hash, report, rows, schema } = yield* openMixture(file, { kind, onError, folder: work, tell })
  const before = yield* earlier(folder, hash)
  if (before !== undefined) return { folder, report: before, made: false } satisfies Mixed
  const splits = yield* splitRows(rows, { file, schema, folder: work })
  const { splits: written } = yield* exportDataset({
    ...file.export,
    kind,
    folder,
    splits,
    card: (all) => cardOf(file, report(all), tableOf),
    files: (all) => ({ [reportName]: `${JSON.stringify(report(all), undefined, 2)}\n` })
  })
  return { folder, report: report(written), made: true } satisfies Mixed
})

/**
 * Makes a mixture: sources → their filters → mix → filters of the whole → shuffle → split → Parquet and JSON lines with a card and
 * data-mix.json. The folder appears when it is complete; the same mixture of the same inputs is not made again.
 *
 * Domain   the same file and inputs give the same bytes. Temporary files lie in <out>.work, which one process at a time uses.
 * Fails    PipelineError (FolderLocked, StepEmpty), DataError, CurationError, DatasetExportError, BenchmarkRowInvalid
 */
export const mixData = Effect.fn("mixData")(function* (options: MixDataOptions) {
  return yield* mixKind(options.file.kind, options)
}, Effect.scoped)
