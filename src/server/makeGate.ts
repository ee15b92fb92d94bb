import { Effect, Semaphore } from "effect"
import { Refused } from "./errors.ts"

/** How many requests a server takes. Units: requests. */
export interface GateOptions {
  /** Answered at the same time. */
  readonly requests: number
  /** That wait for one of those to end. */
  readonly queue: number
}

/** What a client is told to wait before it asks again (seconds). */
const retryAfter = 1

/**
 * Lets requests in: gives an effect that waits for a place, which its scope gives back.
 *
 * Fails    Refused (429) by that effect, at once, where as many wait as may.
 */
export const makeGate = Effect.fnUntraced(function* ({ queue, requests }: GateOptions) {
  const places = yield* Semaphore.make(requests)
  let inside = 0
  const full = Effect.suspend(() => {
    const message = `Cannot answer now: found ${inside} requests under way, wanted fewer than ${requests + queue}`
    return Effect.fail(new Refused({ status: 429, message, code: "rate_limit_exceeded", retryAfter }))
  })
  const counted = Effect.acquireRelease(
    Effect.sync(() => (inside += 1)),
    () => Effect.sync(() => (inside -= 1))
  )
  const enter = Effect.suspend(() => (inside >= requests + queue ? full : counted)).pipe(
    Effect.andThen(places.takeScoped(1))
  )
  return { enter }
})
export type Gate = Effect.Success<ReturnType<typeof makeGate>>
