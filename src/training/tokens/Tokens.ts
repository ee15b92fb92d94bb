import { type Effect, Stream } from "effect"
import type { TokensUnkept } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import type { RowShapes } from "./RowShape.ts"

/** Examples as tokens, read when they are wanted; only their shapes are held. */
export interface Tokens {
  readonly shapes: RowShapes
  /** The examples at these places, in this order. */
  readonly pick: (places: ArrayLike<number>) => Effect.Effect<ReadonlyArray<Encoded>, TokensUnkept>
}

/** Examples that are read at once where all are wanted in their order. */
const together = 256

/** Places from 0 on, some at a time. */
function* runs(length: number) {
  for (let from = 0; from < length; from += together) {
    yield Int32Array.from({ length: Math.min(together, length - from) }, (_, i) => from + i)
  }
}

/** All examples in their order, some at a time. */
export const allOf = ({ pick, shapes }: Tokens): Stream.Stream<ReadonlyArray<Encoded>, TokensUnkept> =>
  Stream.mapEffect(Stream.fromIterable(runs(shapes.length)), pick)
