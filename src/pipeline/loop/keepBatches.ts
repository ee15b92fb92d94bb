import { Effect, FileSystem, Option, Path, Schema, Stream } from "effect"
import { type Batch, type RecordSchema, readArrow, readArrowMetadata, writeArrow } from "../../arrow/mod.ts"
import { type StageCount, StageReport } from "../../stage/mod.ts"
import { arrowMetadata, carriers } from "../store/carriers.ts"
import { type Lineage, lineageHash } from "../store/Lineage.ts"

const Count = Schema.Struct({
  stage: Schema.String,
  iteration: Schema.Int,
  rowsIn: Schema.Int,
  rowsOut: Schema.Int,
  dropped: Schema.Record(Schema.String, Schema.Int),
  added: Schema.optionalKey(Schema.Int)
})
const Counts = Schema.fromJsonString(Schema.Array(Count))

/** What a stage makes of one batch: batches, and what it told of them. */
export type WorkOn<In, Out, E, R> = (batch: Batch<In>) => Effect.Effect<ReadonlyArray<Batch<Out>>, E, R>

/**
 * Work on the batches of a stage that keeps each finished one in a folder, `0.arrow`, `1.arrow`, …: a run that was stopped
 * asks nobody again for what lies there. What a batch told StageReport is told again.
 *
 * Domain   A batch kept under another lineage, or of another number of rows, is made again. `folder` is for one stage, and is removed when that is done.
 * Fails    ArrowError, and what the work fails with
 */
export const keepBatches = <In, Out, E, R>(
  {
    folder,
    lineage,
    output
  }: { readonly folder: string; readonly lineage: Lineage; readonly output: RecordSchema<Out> },
  work: WorkOn<In, Out, E, R>
) => {
  const restore = Effect.fnUntraced(function* (path: string, rows: number) {
    const found = yield* carriers.arrow.read(path)
    if (Option.isNone(found) || lineageHash(found.value) !== lineageHash(lineage)) return undefined
    const { counts = "[]" } = yield* readArrowMetadata(path)
    const report = yield* StageReport
    const told = Option.getOrElse(Schema.decodeOption(Counts)(counts), () => [])
    if (told.reduce((sum, { rowsIn }) => sum + rowsIn, 0) !== rows) return undefined
    const batches = yield* Stream.runCollect(readArrow(path, output))
    yield* Effect.forEach(told, report)
    return batches
  })
  return Effect.fnUntraced(function* (batch: Batch<In>, place: number) {
    const files = yield* FileSystem.FileSystem
    const { join } = yield* Path.Path
    const path = join(folder, `${place}.arrow`)
    const kept = yield* restore(path, batch.length)
    if (kept !== undefined) return kept
    const report = yield* StageReport
    const counts: Array<StageCount> = []
    const listen = (count: StageCount) =>
      Effect.andThen(
        Effect.sync(() => counts.push(count)),
        report(count)
      )
    const batches = yield* Effect.provideService(work(batch), StageReport, listen)
    yield* files.makeDirectory(folder, { recursive: true })
    const metadata = { ...arrowMetadata(lineage), counts: JSON.stringify(counts) }
    yield* writeArrow(path, output, metadata)(Stream.fromIterable(batches))
    return batches
  })
}
