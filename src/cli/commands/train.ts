import { Console, Effect, FileSystem } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import type { TrainedAlone } from "../../pipeline/mod.ts"
import { BadInput } from "../BadInput.ts"
import { Engine, type EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { progressLayer } from "../progress/mod.ts"
import { type TrainFlagValues, trainKeys } from "../trainKeys.ts"
import { explainTraining } from "./explainTraining.ts"

export interface TrainOptions extends TrainFlagValues, EngineOptions {
  readonly file: string | undefined
  readonly set: ReadonlyArray<string>
  readonly json: boolean
  readonly tensorboard: boolean
  /** Only say what the training would take. */
  readonly explain: boolean
}

/** What has to be said where no file says it. Fails: BadInput. */
const checkFlags = Effect.fnUntraced(function* (options: TrainOptions) {
  const set = (key: string) => options.set.some((one) => one.startsWith(`${key}=`) || one.startsWith(`${key}.`))
  const wanted = (["loss", "model", "data", "into"] as const).filter((key) => options[key] === undefined && !set(key))
  if (options.file !== undefined || wanted.length === 0) return
  const flags = wanted.map((key) => `--${key}`).join(", ")
  const message = `Cannot train: found no training file and no ${flags}, wanted a file, or --loss, --model, --data and --into`
  return yield* new BadInput({ message })
})

/** An audit in one line; the rest of it is in a file. */
const auditLine = ({ examples, kept, lengths, sequences, tokens }: Audit, log: string): string => {
  const { max, mean, min } = lengths.sequence
  return `Training on ${kept} of ${examples} examples: ${sequences} sequences of ${min} to ${max} tokens (mean ${mean.toFixed(1)}), ${tokens.learned} tokens learned; all counts are in "${log}/audit.json"`
}

/** Where the model is, and how its training ended. */
const endLine = ({ accuracy, best, into, log, loss, steps }: TrainedAlone): string => {
  const numbers = [
    `loss ${loss.toFixed(4)}`,
    ...(accuracy === undefined ? [] : [`accuracy ${accuracy.toFixed(3)}`]),
    ...(best ? [`best held-out loss ${best.loss.toFixed(4)} at step ${best.step}, which is kept`] : [])
  ]
  return `Trained "${into}" in ${steps} steps: ${numbers.join(", ")}; the log is in "${log}"`
}

const interrupted = Effect.fnUntraced(function* (state: string, every: number) {
  const files = yield* FileSystem.FileSystem
  const there = yield* Effect.orElseSucceed(files.exists(state), () => false)
  yield* Console.error(
    there
      ? `Interrupted: run the same command again to continue from "${state}"`
      : `Interrupted before a state was saved (one is every ${every} steps): the same command begins again`
  )
})

/** Trains one phase that a file or flags describe: from the start, or from where the same command stopped. */
export const train = Effect.fn("train")(function* (options: TrainOptions) {
  yield* checkFlags(options)
  const pipeline = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const { sinks } = yield* Effect.promise(() => import("../../telemetry/mod.ts"))
  const { file: path, set: assignments } = options
  const written = yield* pipeline.readTrainFile({ path, flags: trainKeys(options), assignments })
  const checked = yield* pipeline.checkTraining(written)
  if (options.explain) return yield* explainTraining(checked, options)
  const { into, saveEvery } = checked.phase
  const { log, state } = pipeline.placesOf(into)
  const trained = yield* Effect.flatMap(pipeline.Progress, ({ note }) =>
    Effect.andThen(
      Effect.forEach(Object.entries(pipeline.foundTexts(checked.sources)), ([key, found]) => note(`${key}: ${found}`)),
      pipeline.trainAlone(checked, {
        sinks: [sinks.jsonLines, ...(options.tensorboard ? [sinks.tensorBoard] : []), sinks.openTelemetry],
        onAudit: (audit) => note(auditLine(audit, log))
      })
    )
  ).pipe(
    Effect.provide([(yield* Engine)(options), progressLayer(options)]),
    Effect.onInterrupt(() => interrupted(state, saveEvery))
  )
  yield* options.json ? printJson({ event: "results", ...trained }) : Console.log(endLine(trained))
})
