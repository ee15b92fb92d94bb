import { Effect, FileSystem, Path } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import { type OpenSink, openSinks, readMetrics } from "../../telemetry/mod.ts"
import { foundTexts } from "../data/mod.ts"
import { followTraining } from "../loop/followTraining.ts"
import type { TrainingSummary } from "../loop/Version.ts"
import { writeDurably } from "../store/durable.ts"
import { lockFolder } from "../store/lock.ts"
import { storeError } from "../store/storeError.ts"
import type { CheckedTraining } from "./checkTraining.ts"
import { phaseOf } from "./phaseOf.ts"
import { trainingError } from "./trainingError.ts"

/** How a training ended, and where what it made lies. */
export interface TrainedAlone extends TrainingSummary {
  readonly into: string
  /** Folder of `metrics.jsonl`, `audit.json` and `training.json`. */
  readonly log: string
}

/** Where a training that is not in a run folder keeps what it needs and tells. */
export const placesOf = (into: string) => ({ log: `${into}.log`, state: `${into}.state` })

/**
 * Trains one phase by itself: the model appears at `into` when it is whole, its measures lie in `<into>.log`, and a run that
 * was stopped goes on from `<into>.state`. Nothing else may work on the same log meanwhile.
 *
 * Fails    PipelineError.
 */
export const trainAlone = Effect.fn("trainAlone")(
  function* (
    checked: CheckedTraining,
    options: {
      readonly sinks: ReadonlyArray<OpenSink>
      readonly onAudit: (audit: Audit) => Effect.Effect<void>
    }
  ) {
    const files = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const { into } = checked.phase
    const { log, state } = placesOf(into)
    const stored = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.mapError(effect, storeError(log))
    const write = (name: string, value: unknown) =>
      stored(writeDurably(path.join(log, name), `${JSON.stringify(value, undefined, 2)}\n`)).pipe(
        Effect.provideService(FileSystem.FileSystem, files),
        Effect.provideService(Path.Path, path)
      )
    yield* stored(files.makeDirectory(log, { recursive: true }))
    yield* stored(lockFolder(log))
    const sink = yield* stored(openSinks(options.sinks)(log))
    const phase = phaseOf(checked)
    const standing = (name: string) =>
      readMetrics(log, name).pipe(
        Effect.provideService(FileSystem.FileSystem, files),
        Effect.provideService(Path.Path, path)
      )
    const summary = yield* followTraining({
      phase: {
        ...phase,
        resume: { file: state, every: phase.settings.saveEvery, foreign: "error" }
      },
      log: {
        begin: (start) => stored(Effect.andThen(sink.begin(start), standing(start.phase))),
        write: (metrics) => stored(sink.write(metrics))
      },
      onAudit: (audit) => Effect.andThen(options.onAudit(audit), write("audit.json", audit))
    })
    yield* write("training.json", { ...summary, sources: foundTexts(checked.sources) })
    return { ...summary, into, log } satisfies TrainedAlone
  },
  (effect, { phase, what }) => Effect.mapError(Effect.scoped(effect), trainingError({ what, folder: phase.into }))
)
