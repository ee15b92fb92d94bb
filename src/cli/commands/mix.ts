import { Console, Effect, PlatformError } from "effect"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"

export interface MixOptions {
  readonly file: string
  readonly set: ReadonlyArray<string>
  readonly out: string | undefined
  readonly dryRun: boolean
  readonly onError: "stop" | "skip"
  readonly json: boolean
}

/** What a person cannot correct in a file: machines and disks. */
const ofTheMachine = new Set([
  "DiskFull",
  "FolderRefused",
  "FileRefused",
  "CacheRefused",
  "HubRefused",
  "HubUnreachable",
  "AnswerInvalid",
  "FileDiffers"
])

/** Whether the person who wrote the mixture can correct it, or the rows it names. */
const isBadInput = (error: Error): boolean =>
  !(error instanceof PlatformError.PlatformError) &&
  "reason" in error &&
  typeof error.reason === "object" &&
  error.reason !== null &&
  "_tag" in error.reason &&
  !ofTheMachine.has(String(error.reason._tag))

/** What a person can correct ends with exit code 2; what says so itself is left as it is. */
const badInput = Effect.mapError((error: Error) =>
  "isBadInput" in error || !isBadInput(error) ? error : new BadInput({ message: error.message })
)

/**
 * Makes a mixture, or says what it would be.
 *
 * Fails    PipelineError, BadInput; what the machine refuses as it is.
 */
export const mix = Effect.fn("mix")(function* ({ dryRun, file: path, json, onError, out, set }: MixOptions) {
  const { checkMixture, folderOf, formatMix, formatPlan, mixData, readMixture } = yield* Effect.promise(
    () => import("../../pipeline/mixture/mod.ts")
  )
  const written = yield* readMixture(path, set)
  const { file } = yield* checkMixture(out === undefined ? written : { ...written, file: { ...written.file, out } })
  if (dryRun && json) return yield* printJson({ ...file, out: folderOf(file) })
  if (dryRun) return yield* Console.log(formatPlan(file).join("\n"))
  const { statisticsTable } = yield* Effect.promise(() => import("../../report/mod.ts"))
  const { folder, made, report } = yield* mixData({
    file,
    onError,
    tell: (rows) => Console.error(`Mixed ${rows} rows`),
    onGoOn: (rows) => Console.error(`Goes on with the ${rows} rows that an earlier run mixed`),
    tableOf: (statistics) => {
      const { heads, rows } = statisticsTable(statistics)
      return { columns: heads.map(({ head }) => head), rows }
    }
  }).pipe(
    badInput,
    Effect.onInterrupt(() =>
      Console.error(
        "Interrupted: nothing was written; the same command goes on if all rows were mixed, and begins again if not"
      )
    )
  )
  if (json) return yield* printJson({ folder, made, ...report })
  yield* Console.log(formatMix(report).join("\n"))
  yield* Console.log(made ? `Wrote "${folder}"` : `"${folder}" holds this mixture already: nothing was done`)
})
