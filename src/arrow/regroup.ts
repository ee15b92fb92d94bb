import { Stream } from "effect"
import type { Batch } from "./Batch.ts"

/** The rows of batches in groups of `size` rows, the last one with what is left. */
export const regroup =
  (size: number) =>
  <A, E, R>(batches: Stream.Stream<Batch<A>, E, R>): Stream.Stream<ReadonlyArray<A>, E, R> =>
    batches.pipe(
      Stream.map(({ rows }) => rows),
      Stream.flattenIterable,
      Stream.grouped(size)
    )
