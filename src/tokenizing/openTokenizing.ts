import { Effect, Semaphore } from "effect"
import type { Tokenizer } from "../text/mod.ts"
import { runJob } from "./jobs.ts"
import { openThread } from "./openThread.ts"
import { sizeOf } from "./sizeOf.ts"
import type { Tokenizing } from "./Tokenizing.ts"

/**
 * Texts up to this are read on the calling thread: a millisecond, or some ten with a tokenizer that takes a whole text for one word, or
 * while its code is cold. Units: UTF-16 code units.
 */
export const mostAtOnce = 2000

/** Texts that have more together are read with a look at other work between them. Units: UTF-16 code units. */
const mostTogether = 500

/** Runs effects one after another, and lets others have the thread before more than `mostTogether` characters are done. */
const makeTurns = Effect.gen(function* () {
  const turn = yield* Semaphore.make(1)
  let done = 0
  return <A, E, R>(size: number, effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => {
    const look = Effect.suspend(() => {
      done += size
      if (done <= mostTogether) return Effect.void
      done = size
      return Effect.yieldNow
    })
    return turn.withPermits(1)(Effect.andThen(look, effect)) // the place is kept: fibers that come together take turns
  }
})

/**
 * Reads texts with a tokenizer until the scope closes: short ones here, in turns; long ones on a thread of its own, which the
 * first of them starts.
 */
export const openTokenizing = Effect.fnUntraced(function* (tokenizer: Tokenizer) {
  const elsewhere = yield* openThread(tokenizer)
  const here = yield* makeTurns
  const tokenizing: Tokenizing = {
    tokenizer,
    run: (name, ...rest) => {
      const size = sizeOf(rest)
      return size > mostAtOnce
        ? elsewhere(name, rest)
        : here(
            size,
            Effect.suspend(() => Effect.fromResult(runJob(name, tokenizer, rest)))
          )
    }
  }
  return tokenizing
})
