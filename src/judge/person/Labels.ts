import { Effect, FileSystem, Stream } from "effect"
import { Judgement } from "../../../schemas/mod.ts"
import { fromRows, lockFile, readArrow, writeArrow } from "../../arrow/mod.ts"
import { LabelsFailed, LabelsLocked, PersonError } from "./errors.ts"

/** Where judgements are kept: those that were there, and how all of them are written again. */
export interface Labels {
  readonly judgements: ReadonlyArray<Judgement>
  readonly save: (judgements: ReadonlyArray<Judgement>) => Effect.Effect<void, PersonError>
}

const failed = (action: string) => (cause: unknown) => new PersonError({ action, reason: new LabelsFailed({ cause }) })

/** Labels that are forgotten with the process. */
export const forgotten: Labels = { judgements: [], save: () => Effect.void }

/**
 * The judgements of an Arrow file, which need not exist yet; each save writes the whole file anew, so that it is never
 * half written. The scope keeps other processes off it.
 *
 * Fails    PersonError: LabelsLocked, LabelsFailed.
 */
export const openLabels = Effect.fn("openLabels")(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const unreadable = failed(`open the labels "${path}"`)
  yield* lockFile(
    `${path}.lock`,
    (process) => new PersonError({ action: `open the labels "${path}"`, reason: new LabelsLocked({ process }) })
  ).pipe(Effect.catchTag("PlatformError", (error) => Effect.fail(unreadable(error))))
  const exists = yield* Effect.mapError(files.exists(path), unreadable)
  const batches = exists ? yield* Effect.mapError(Stream.runCollect(readArrow(path, Judgement)), unreadable) : []
  return {
    judgements: batches.flatMap(({ rows }) => rows),
    save: (judgements) =>
      Stream.make(fromRows(Judgement, judgements)).pipe(
        writeArrow(path, Judgement),
        Effect.mapError(failed(`write the labels "${path}"`)),
        Effect.provideService(FileSystem.FileSystem, files),
        Effect.asVoid
      )
  } satisfies Labels
})
