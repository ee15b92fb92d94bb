import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type { Key } from "../random/mod.ts"
import type { Endpoint } from "./Endpoint.ts"
import type { RemoteReason } from "./errors.ts"
import { type Outgoing, sendOnce } from "./sendOnce.ts"
import { waitBefore } from "./waitBefore.ts"

/**
 * The answer to a request, sent again after a wait while that may help.
 *
 * Domain   Sent again: no connection, no answer in time, statuses 408, 425, 429 and from 500 on. A server that wants to be
 *          left alone for longer than `longestWait` is not asked again, nor one that answered with a status in `final`.
 * Fails    ServerUnreachable, ServerTimedOut, ServerRefused
 */
export const send = (
  endpoint: Pick<Endpoint, "attempts" | "firstWait" | "longestWait">,
  outgoing: Outgoing,
  { final = [], key }: { readonly key: Key; readonly final?: ReadonlyArray<number> | undefined }
): Effect.Effect<{ readonly status: number; readonly text: string }, RemoteReason, HttpClient.HttpClient> => {
  const from = (attempt: number): ReturnType<typeof send> =>
    Effect.catch(sendOnce(outgoing, attempt), (failure) => {
      const wait = waitBefore(endpoint, { attempt, key, told: failure.told })
      const isFinal = failure.reason._tag === "ServerRefused" && final.includes(failure.reason.status)
      const ends = isFinal || !failure.again || attempt >= endpoint.attempts || wait > endpoint.longestWait
      return ends ? Effect.fail(failure.reason) : Effect.andThen(Effect.sleep(wait * 1000), from(attempt + 1))
    })
  return from(1)
}
