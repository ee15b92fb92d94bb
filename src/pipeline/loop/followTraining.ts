import { Effect, Ref } from "effect"
import type { Audit, Metrics } from "../../../schemas/mod.ts"
import type { PhaseStart } from "../../telemetry/mod.ts"
import { PipelineError } from "../errors.ts"
import { formatBudget } from "../formatMemory.ts"
import { Progress } from "../Progress.ts"
import { Trainers, type TrainingPhase } from "../Trainers.ts"
import type { TrainingSummary } from "./Version.ts"

/** Where the measures of a phase go. */
export interface TrainingLog {
  /** Gives the steps of an earlier attempt that stand. */
  readonly begin: (start: PhaseStart) => Effect.Effect<ReadonlyArray<Metrics>, PipelineError>
  readonly write: (metrics: Metrics) => Effect.Effect<void, PipelineError>
}

const mean = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / values.length

const lastPass = (steps: ReadonlyArray<Metrics>): Pick<TrainingSummary, "loss" | "accuracy"> => {
  const end = steps.at(-1)?.epoch ?? 0
  const last = steps.filter(({ epoch }) => epoch > end - 1)
  const accuracies = last.flatMap((step) => step["rewards/accuracies"] ?? [])
  const loss = last.length === 0 ? 0 : mean(last.map((step) => step.loss))
  return accuracies.length === 0 ? { loss } : { loss, accuracy: mean(accuracies) }
}

const counted = (counts: Readonly<Record<string, number>>): ReadonlyArray<string> =>
  Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : []))

/** Says what a training does not see, or sees only a part of. */
const warn = Effect.fnUntraced(function* (phase: string, { dropped, examples, truncated }: Audit) {
  const progress = yield* Progress
  const reasons = counted(dropped)
  const left = Object.values(dropped).reduce((sum, n) => sum + n, 0)
  if (left > 0)
    yield* progress.warn(`Training ${phase} left out ${left} of ${examples} examples: ${reasons.join(", ")}`)
  const cut = counted({ prompts: truncated.prompt, responses: truncated.response })
  if (cut.length > 0) yield* progress.warn(`Training ${phase} cut ${cut.join(" and ")} to the longest length`)
})

/** A step of training has no failure of its own: what the log says is one again outside of the training. */
const failing = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | PipelineError, R> =>
  Effect.catchDefect(effect, (defect) => (defect instanceof PipelineError ? Effect.fail(defect) : Effect.die(defect)))

type Followed = Omit<TrainingPhase, "onAudit" | "onBudget" | "onResume" | "onStep">

/**
 * Trains, shows how far it is, logs every step once, and says how it ended; a phase that goes on ends as if it never stopped.
 *
 * Fails    StepFailed, PipelineError.
 */
export const followTraining = Effect.fn("followTraining")(function* (options: {
  readonly phase: Followed
  readonly log: TrainingLog
  readonly onAudit: (audit: Audit) => Effect.Effect<void, PipelineError>
}) {
  const { log, phase } = options
  const { examples, settings } = phase
  const trainers = yield* Trainers
  const progress = yield* Progress
  const told = (audit: Audit) => Effect.provideService(warn(phase.phase, audit), Progress, progress)
  const name = `train ${phase.phase}`
  const total = Math.ceil(examples.length / settings.batchSize) * settings.epochs
  const advance = yield* progress.phase({ name, total, unit: "steps" })
  const steps = yield* Ref.make<ReadonlyArray<Metrics> | undefined>(undefined)
  const begin = Effect.fnUntraced(function* (after: number) {
    const standing = yield* Effect.orDie(log.begin({ phase: phase.phase, after }))
    yield* Ref.set(steps, standing)
    return standing
  })
  const trained = yield* trainers
    .train({
      ...phase,
      onBudget: (bytes) => progress.note(`Training ${phase.phase} ${formatBudget(bytes)}`),
      onAudit: (audit) => Effect.andThen(Effect.orDie(options.onAudit(audit)), told(audit)),
      onResume: Effect.fnUntraced(function* (after: number) {
        const standing = yield* begin(after)
        yield* advance(after, "", standing.at(-1)?.total_steps)
        yield* progress.note(`Training ${phase.phase} goes on after step ${after}`)
      }),
      onStep: Effect.fnUntraced(function* (metrics: Metrics) {
        const before = (yield* Ref.get(steps)) ?? (yield* begin(0))
        yield* Ref.set(steps, [...before, metrics])
        yield* Effect.orDie(log.write(metrics))
        yield* advance(1, `loss ${metrics.loss.toFixed(4)}`, metrics.total_steps)
      })
    })
    .pipe(failing)
  const summary: TrainingSummary = {
    steps: trained.steps,
    examples: examples.length,
    dropped: trained.dropped,
    ...lastPass((yield* Ref.get(steps)) ?? []),
    ...(trained.best ? { best: trained.best } : {})
  }
  return summary
}, Effect.scoped)
