import { Effect, Stream } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { ArrowError, type Batch, fromRows, type RecordSchema } from "../../src/arrow/mod.ts"

/** Rows as a stream of batches of this size. */
export const batched = <A>(schema: RecordSchema<A>, rows: ReadonlyArray<A>, size: number): Stream.Stream<Batch<A>> =>
  Stream.fromIterable(rows).pipe(
    Stream.grouped(size),
    Stream.map((group) => fromRows(schema, group))
  )

/** All rows of all batches. */
export const rowsOf = <A, E, R>(batches: Stream.Stream<Batch<A>, E, R>) =>
  Effect.map(Stream.runCollect(batches), (all) => all.flatMap((batch) => batch.rows))

/** A row whose second response has no ids. */
export const scored: Scored = {
  promptId: "p1",
  messages: [{ role: "user", content: "é😀" }],
  responses: [
    { text: "", ids: [2], tokens: 1, finish: "stop", temperature: 0.7, sample: 0 },
    { text: "", tokens: 1, finish: "length", temperature: 0.7, sample: 1 }
  ],
  rewards: [-0.5, 0]
}

/** The tag of a failure, and its message. */
export const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    error instanceof ArrowError ? { tag: error.reason._tag, message: error.message } : { tag: "other", message: "" }
  )
