import { Effect, FileSystem, Path, Ref, Stream } from "effect"
import { type Batch, type RecordSchema, readArrow, writeArrow } from "../../arrow/mod.ts"
import type { JudgeError, Preference } from "../../judge/mod.ts"
import type { Policy, ReferencePolicy, SamplerError } from "../../sampler/mod.ts"
import type { Reward, ScorerError } from "../../scorer/mod.ts"
import { type Stage, type StageCount, type StageError, StageReport, stages } from "../../stage/mod.ts"
import type { CompiledStage } from "../file/compile.ts"
import type { StageName } from "../file/StageStep.ts"
import { Progress } from "../Progress.ts"
import { arrowMetadata, carriers } from "../store/carriers.ts"
import { type Artefact, RunStore } from "../store/RunStore.ts"
import { withCostNotes } from "./costNotes.ts"
import { countRows } from "./countRows.ts"
import { keepBatches } from "./keepBatches.ts"

type AnyStage = Stage<
  unknown,
  unknown,
  unknown,
  unknown,
  StageError | SamplerError | ScorerError | JudgeError,
  Policy | ReferencePolicy | Reward | Preference
>

/** Who answers a run: hashes of the policy πₜ, of the reference π₀, of the reward r, and of the preference oracle. */
export interface Services {
  readonly policy: string
  readonly reference: string
  readonly reward: string
  readonly preference: string
}

/** Whose answers each stage depends on: another reward leaves the samples as they are. */
const asks: Readonly<Record<StageName, ReadonlyArray<keyof Services>>> = {
  sample: ["policy"],
  sampleReference: ["reference"],
  score: ["reward"],
  pair: [],
  judge: ["preference"],
  filter: []
}

/** One stage of one iteration. */
export interface StageRun {
  readonly stage: CompiledStage
  readonly iteration: number
  readonly seed: number
  /** Path in the run folder. */
  readonly name: string
  /** The file of the stage before. */
  readonly input: Artefact
  /** Rows of that file at most (rows). */
  readonly rows: number
  /** Answers that a row asks for at most (answers). */
  readonly answersPerRow: number
  readonly services: Services
}

const total = (counts: ReadonlyArray<StageCount>): Readonly<Record<string, number>> => {
  const sums: Record<string, number> = {}
  for (const [rule, n] of counts.flatMap(({ dropped }) => Object.entries(dropped))) sums[rule] = (sums[rule] ?? 0) + n
  return sums
}

/**
 * Runs one stage from file to file, batch by batch, unless its file is there already. Batches that somebody was asked for
 * are kept until all are done.
 *
 * Fails    PipelineError, ArrowError, StageError, SamplerError, ScorerError, JudgeError.
 */
export const stageFile = Effect.fn("stageFile")(function* (run: StageRun) {
  const { input, iteration, seed, stage } = run
  const store = yield* RunStore
  const progress = yield* Progress
  const row = stages[stage.name] as unknown as AnyStage // as: the columns of neighbours were compared when the pipeline was compiled
  const parameters: unknown = stage.step[stage.name]
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const folder = join(store.folder, `${run.name}.state`)
  const services = Object.fromEntries(asks[stage.name].map((who) => [who, run.services[who]]))
  const artefact = yield* store.artefact({
    name: run.name,
    carrier: carriers.arrow,
    lineage: {
      settings: { stage: stage.name, parameters, seed, iteration },
      inputs: { "rows before": input.hash, ...services }
    },
    make: Effect.fnUntraced(function* (temporary, lineage) {
      const advance = yield* progress.phase({
        name: `${stage.name}, iteration ${iteration}`,
        total: run.rows,
        unit: "rows"
      })
      const rows = yield* countRows(advance, run.answersPerRow)
      const counts = yield* Ref.make<ReadonlyArray<StageCount>>([])
      const report = (count: StageCount) =>
        Effect.andThen(
          Ref.update(counts, (before) => [...before, count]),
          rows.ended(count.rowsIn)
        )
      const output: RecordSchema<unknown> = row.output
      const transform = row.run(parameters, { seed, iteration })
      const work = (batch: Batch<unknown>) => Stream.runCollect(transform(Stream.make(batch)))
      const kept = keepBatches({ folder, lineage, output }, work)
      const keeps = asks[stage.name].length > 0
      const { notes } = yield* readArrow(input.path, row.input).pipe(
        Stream.zipWithIndex,
        Stream.mapEffect(([batch, i]) => (keeps && batch.length < run.rows ? kept(batch, i) : work(batch))),
        Stream.flatMap((batches) => Stream.fromIterable(batches)),
        writeArrow(temporary, output, arrowMetadata(lineage)),
        Effect.provideService(StageReport, report),
        rows.follow,
        withCostNotes
      )
      yield* Effect.forEach(notes, (note) => progress.note(`${stage.name}, iteration ${iteration}: ${note}`))
      const dropped = Object.entries(total(yield* Ref.get(counts)))
      if (dropped.length > 0) {
        const reasons = dropped.map(([rule, n]) => `${n} ${rule}`).join(", ")
        yield* progress.note(`${stage.name}, iteration ${iteration}: left out ${reasons}`)
      }
    }, Effect.scoped)
  })
  yield* Effect.ignore(files.remove(folder, { recursive: true, force: true }))
  return artefact
})
