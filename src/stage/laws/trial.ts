import { Effect, Stream } from "effect"
import { type Batch, fromRows, type RecordSchema } from "../../arrow/mod.ts"
import { type StageCount, StageReport } from "../StageReport.ts"
import type { Identified, StageSubject } from "./StageSubject.ts"

/** Rows as a stream of batches of this size. */
export const inBatches = <A>(schema: RecordSchema<A>, rows: ReadonlyArray<A>, size: number): Stream.Stream<Batch<A>> =>
  Stream.fromIterable(rows).pipe(
    Stream.grouped(size),
    Stream.map((group) => fromRows(schema, group))
  )

/** What a stage made of rows, and what it told of it. */
export interface Outcome<Out> {
  readonly rows: ReadonlyArray<Out>
  readonly counts: ReadonlyArray<StageCount>
}

/** Runs the stage of a subject over rows in batches of one size. */
export const trial = <Params, Encoded, In extends Identified, Out extends Identified, E, R>(
  subject: StageSubject<Params, Encoded, In, Out, E, R>,
  rows: ReadonlyArray<In>,
  size: number
): Effect.Effect<Outcome<Out>, E> =>
  Effect.suspend(() => {
    const { context, layer, params, stage } = subject
    const counts: Array<StageCount> = []
    const listen = (count: StageCount) => Effect.sync(() => void counts.push(count))
    return inBatches(stage.input, rows, size).pipe(
      stage(params, context),
      Stream.runCollect,
      Effect.provideService(StageReport, listen),
      Effect.provide(layer),
      Effect.map((batches) => ({ rows: batches.flatMap((batch) => batch.rows), counts }))
    )
  })
