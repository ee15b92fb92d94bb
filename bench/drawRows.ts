import { Deferred, Effect } from "effect"
import type { Decoder, Row } from "../src/sampler/mod.ts"

/** One row, and the length at which it ends as at a stop token. Units: tokens. */
export interface TimedRow extends Row {
  readonly stopAfter?: number
}

/** Draws rows and waits for all of them. */
export const drawRows = Effect.fnUntraced(function* (decoder: Decoder, rows: ReadonlyArray<TimedRow>) {
  const done = yield* Deferred.make<void, unknown>()
  let left = rows.length
  for (const { stopAfter, ...row } of rows) {
    const length = stopAfter ?? row.maxNewTokens
    let drawn = 0
    decoder.submit(row, {
      token: () => {
        drawn += 1
        if (drawn < length) return true
        left -= 1
        if (left === 0) Deferred.doneUnsafe(done, Effect.void)
        return false
      },
      failed: (cause) => Deferred.doneUnsafe(done, Effect.fail(cause))
    })
  }
  yield* Deferred.await(done)
})
