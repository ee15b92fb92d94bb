import { Effect, Exit, FileSystem, Option, Path, Schema, Stream } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { fromRows, readArrow, type RecordSchema } from "../../arrow/mod.ts"
import { splitOf } from "../../curation/mod.ts"
import { exportDataset } from "../../dataset/mod.ts"
import { FolderForeign, PipelineError } from "../errors.ts"
import { lockFolder } from "../store/lock.ts"
import { cardOf, type TableOf } from "./cardOf.ts"
import { folderOf, type MixtureFile } from "./MixtureFile.ts"
import type { MixKind } from "./MixKind.ts"
import { MixReport } from "./MixReport.ts"
import { mixedFiles, mixRows } from "./mixRows.ts"
import { openMixture } from "./openMixture.ts"

/** How a mixture is made, and where. */
export interface MixDataOptions {
  readonly file: MixtureFile
  readonly onError: "stop" | "skip"
  readonly tableOf: TableOf
  /** Hears now and then how many rows were mixed. */
  readonly tell?: (rows: number) => Effect.Effect<void>
  /** Hears how many rows a run that was stopped had mixed, where this one goes on with them. */
  readonly onGoOn?: (rows: number) => Effect.Effect<void>
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

/**
 * A folder for temporary files that this process alone works in, until the scope closes: rows that were mixed stay in it where the
 * run is interrupted.
 */
const workFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const work = `${folder}.work`
  yield* fs.makeDirectory(work, { recursive: true })
  yield* lockFolder(work)
  const clear = (path: string) => fs.remove(path, { recursive: true, force: true })
  const rows = join(work, "rows")
  yield* Effect.addFinalizer((exit) =>
    Effect.ignore(
      Effect.gen(function* () {
        const goesOn = Exit.hasInterrupts(exit) && (yield* fs.exists(mixedFiles(join, work).report))
        yield* clear(goesOn ? rows : work)
      })
    )
  )
  yield* clear(rows)
  yield* fs.makeDirectory(rows)
  return { work, rows }
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

/** The batches of each split, of all rows in one file. */
const splitRows = Effect.fnUntraced(function* <A extends Prompt>(
  { seed, split }: MixtureFile,
  { path, schema }: { readonly path: string; readonly schema: RecordSchema<A> }
) {
  const partOf = yield* Effect.fromResult(splitOf({ ...split, seed }))
  const all = readArrow(path, schema, { rows: "trusted" })
  const names = Object.entries(split.shares).flatMap(([name, share]) => (share > 0 ? [name] : []))
  const part = (name: string) =>
    names.length === 1
      ? all
      : Stream.map(all, ({ rows }) =>
          fromRows(
            schema,
            rows.filter((row) => partOf(row) === name)
          )
        )
  return Object.fromEntries(names.map((name) => [name, part(name)]))
})

const mixKind = Effect.fnUntraced(function* <K extends MixKind>(kind: K, options: MixDataOptions) {
  const { file, onError, onGoOn = () => Effect.void, tableOf, tell = () => Effect.void } = options
  const folder = folderOf(file)
  const { rows, work } = yield* workFolder(folder)
  const mixture = yield* openMixture(file, { kind, onError, folder: rows, tell })
  const before = yield* earlier(folder, mixture.hash)
  if (before !== undefined) return { folder, report: before, made: false } satisfies Mixed
  const { path, report } = yield* mixRows(mixture, { folder: work, rowsPerBatch: file.export.rowsPerGroup, onGoOn })
  const { splits } = yield* exportDataset({
    ...file.export,
    kind,
    folder,
    splits: yield* splitRows(file, { path, schema: mixture.schema }),
    card: (all) => cardOf(file, { ...report, splits: all }, tableOf),
    files: (all) => ({ [reportName]: `${JSON.stringify({ ...report, splits: all }, undefined, 2)}\n` })
  })
  const written: MixReport = { ...report, splits }
  return { folder, report: written, made: true } satisfies Mixed
})

/**
 * Makes a mixture: sources → their filters → mix → filters of the whole → shuffle → split → Parquet and JSON lines with a card and
 * data-mix.json. The folder appears when it is complete; the same mixture of the same inputs is not made again. A run that is stopped
 * when all rows are mixed goes on from there; one that is stopped before begins again.
 *
 * Domain   the same file and inputs give the same bytes, stopped or not. Temporary files lie in <out>.work, which one process at a time uses.
 * Fails    PipelineError (FolderLocked, StepEmpty), DataError, CurationError, DatasetExportError, BenchmarkRowInvalid
 */
export const mixData = Effect.fn("mixData")(function* (options: MixDataOptions) {
  return yield* mixKind(options.file.kind, options)
}, Effect.scoped)
