import { Cause, Effect, Result, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"
import type { Found } from "./Found.ts"
import type { ReadOptions } from "./ReadOptions.ts"

type Filled<A> = readonly [A, ...Array<A>]

const isFilled = <A>(rows: ReadonlyArray<A>): rows is Filled<A> => rows.length > 0

/** Rows without the trouble between them: it stops the stream behind the rows before it, or is told and skipped. */
export const settle =
  ({ onError = "stop", onSkip }: ReadOptions) =>
  <R>(found: Stream.Stream<Found, ArrowError, R>): Stream.Stream<RawRow, ArrowError, R> =>
    Stream.transformPull(found, (pull) =>
      Effect.sync(() => {
        let last: ArrowError | undefined
        const rowsOf = Effect.fnUntraced(function* (all: ReadonlyArray<Found>) {
          const rows: Array<RawRow> = []
          for (const one of all) {
            if (Result.isSuccess(one)) rows.push(one.success)
            else if (onError === "stop" || one.failure.isLast) {
              last = one.failure.error
              break
            } else if (onSkip !== undefined) yield* onSkip({ error: one.failure.error, rows: one.failure.rows })
          }
          return rows
        })
        const next: Effect.Effect<Filled<RawRow>, ArrowError | Cause.Done<void>> = Effect.suspend(() =>
          last !== undefined
            ? Effect.fail(last)
            : Effect.flatMap(Effect.flatMap(pull, rowsOf), (rows) => (isFilled(rows) ? Effect.succeed(rows) : next))
        )
        return next
      })
    )
