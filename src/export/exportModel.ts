import { Effect, FileSystem, Path, PlatformError } from "effect"
import type { ModelSource } from "../checkpoint/mod.ts"
import { DtypeUnknown, ExportError, FormatUnknown, NotWritten, PathTaken } from "./errors.ts"
import type { Exporter } from "./Exporter.ts"

/** Where a model goes, and how. */
export interface ExportOptions {
  readonly model: string
  readonly format: string
  /** The usual one of the format when absent. */
  readonly dtype?: string | undefined
  readonly into: string
  readonly overwrite?: boolean
}

/** An export whose options fit: nothing is read or written yet. */
export interface ExportPlan {
  readonly exporter: Exporter
  readonly model: string
  readonly format: string
  readonly dtype: string
  readonly into: string
}

/** The file by which a folder is known as a model. */
const modelMark = "config.json"

const occupied = Effect.fnUntraced(function* ({ into, model, overwrite }: ExportOptions, makes: Exporter["makes"]) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const taken = (found: string, wanted: string) => new PathTaken({ into, found, wanted })
  const inside = path.relative(path.resolve(into), path.resolve(model))
  if (inside === "" || !(inside.startsWith("..") || path.isAbsolute(inside)))
    return taken(inside === "" ? "the model itself" : "a folder that holds the model", "a place of its own")
  const there = yield* Effect.option(fs.stat(into))
  if (there._tag === "None") return undefined
  const isFolder = there.value.type === "Directory"
  if (isFolder !== (makes === "folder")) return taken(`a ${isFolder ? "folder" : "file"}`, `the name of a ${makes}`)
  if (!overwrite) return taken("already there", "a new name, or --overwrite")
  const names = isFolder ? yield* Effect.orElseSucceed(fs.readDirectory(into), (): Array<string> => []) : [modelMark]
  return names.length === 0 || names.includes(modelMark)
    ? undefined
    : taken("a folder that is no model", "a model to overwrite")
})

/**
 * Checks the options of an export against the formats that there are and the place that it goes to.
 *
 * Fails    ExportError: FormatUnknown, DtypeUnknown, PathTaken.
 */
export const planExport = (table: Readonly<Record<string, Exporter>>) =>
  Effect.fn("planExport")(function* (options: ExportOptions) {
    const { format, into, model } = options
    const fail = (reason: ExportError["reason"]) => new ExportError({ model, format, reason })
    const exporter = new Map(Object.entries(table)).get(format)
    if (!exporter) return yield* fail(new FormatUnknown({ found: format, known: Object.keys(table) }))
    const [usual = ""] = exporter.dtypes
    const dtype = options.dtype ?? usual
    if (!exporter.dtypes.includes(dtype)) return yield* fail(new DtypeUnknown({ found: dtype, known: exporter.dtypes }))
    const taken = yield* occupied(options, exporter.makes)
    if (taken) return yield* fail(taken)
    return { exporter, model, format, dtype, into } satisfies ExportPlan as ExportPlan
  })

/**
 * Writes a model in another format; its name appears only when it is complete.
 *
 * Fails    ExportError; CheckpointError, RuntimeError where a weight cannot be read.
 */
export const exportModel = Effect.fn("exportModel")(function* (
  { dtype, exporter, format, into, model }: ExportPlan,
  source: ModelSource,
  onWeight: Effect.Effect<void> = Effect.void
) {
  const fs = yield* FileSystem.FileSystem
  const paths = yield* Path.Path
  const unfinished = `${into}.tmp`
  const write = Effect.gen(function* () {
    yield* fs.remove(unfinished, { recursive: true, force: true })
    yield* fs.makeDirectory(paths.dirname(unfinished), { recursive: true })
    yield* exporter.write({ source, dtype, path: unfinished, onWeight })
    yield* fs.remove(into, { recursive: true, force: true })
    yield* fs.rename(unfinished, into)
  })
  yield* write.pipe(
    Effect.onError(() => Effect.ignore(fs.remove(unfinished, { recursive: true, force: true }))),
    Effect.mapError((error) => {
      if (error._tag === "RuntimeError" || error._tag === "CheckpointError") return error
      const reason =
        error instanceof PlatformError.PlatformError ? new NotWritten({ detail: error.message, cause: error }) : error
      return new ExportError({ model, format, reason })
    })
  )
  return into
})
