import { Effect, FileSystem, Option, Schema, type Scope, Stream } from "effect"
import { Judgement } from "../../../schemas/mod.ts"
import { fromRows, isAlive, readArrow, writeArrow } from "../../arrow/mod.ts"
import { LabelsFailed, LabelsLocked, PersonError } from "./errors.ts"

/** Where judgements are kept: those that were there, and how all of them are written again. */
export interface Labels {
  readonly judgements: ReadonlyArray<Judgement>
  readonly save: (judgements: ReadonlyArray<Judgement>) => Effect.Effect<void, PersonError>
}

const failed = (action: string) => (cause: unknown) => new PersonError({ action, reason: new LabelsFailed({ cause }) })

/** Labels that are forgotten with the process. */
export const forgotten: Labels = { judgements: [], save: () => Effect.void }

const Owner = Schema.NumberFromString.check(Schema.isInt())

/** Keeps other processes off until the scope closes; what a process that is gone left is taken over. */
const lock = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<void, PersonError, FileSystem.FileSystem | Scope.Scope> {
  const files = yield* FileSystem.FileSystem
  const action = `open the labels "${path}"`
  const name = `${path}.lock`
  const owner = Effect.map(Effect.option(files.readFileString(name)), (text) =>
    Option.flatMap(text, Schema.decodeUnknownOption(Owner))
  )
  const take = files.writeFileString(name, String(process.pid), { flag: "wx" })
  yield* Effect.acquireRelease(
    take.pipe(
      Effect.catchTag(
        "PlatformError",
        Effect.fnUntraced(function* (error) {
          if (error.reason._tag !== "AlreadyExists") return yield* error
          const found = yield* owner
          if (Option.isSome(found) && isAlive(found.value)) {
            return yield* new PersonError({ action, reason: new LabelsLocked({ process: found.value }) })
          }
          yield* files.remove(name, { force: true })
          yield* take
        })
      ),
      Effect.catchTag("PlatformError", (error) => Effect.fail(failed(action)(error)))
    ),
    () => Effect.ignore(files.remove(name, { force: true }))
  )
})

/**
 * The judgements of an Arrow file, which need not exist yet; each save writes the whole file anew, so that it is never
 * half written. The scope keeps other processes off it.
 *
 * Fails    PersonError: LabelsLocked, LabelsFailed.
 */
export const openLabels = Effect.fn("openLabels")(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const unreadable = failed(`open the labels "${path}"`)
  yield* lock(path)
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
