import { Clock, Effect } from "effect"
import { key as keyOf } from "../random/mod.ts"
import type { Endpoint } from "./Endpoint.ts"
import { plainUrl } from "./plainUrl.ts"
import { type Failure, type Outgoing, sendOnce } from "./sendOnce.ts"
import { waitBefore } from "./waitBefore.ts"

/** Longest wait between two looks at a server that starts, and for the answer to one (seconds). */
const [longestPause, longestLook] = [5, 30]

/** Statuses that say: here is a server, and it has no such page. It is ready for what it has. */
const withoutPage = new Set([404, 405, 501])

const isThere = ({ reason }: Failure) => reason._tag === "ServerRefused" && withoutPage.has(reason.status)

/**
 * Waits until a server answers `GET <url>/models`, looking again and again; one without such a page is ready as well.
 *
 * Domain   A server that starts refuses connections, or answers with a status that passes.
 * Fails    ServerUnreachable, ServerTimedOut, ServerRefused: the last thing found when `readyWithin` has passed, or at once
 *          what no wait can change.
 */
export const awaitReady = Effect.fnUntraced(function* (endpoint: Endpoint, secret: Outgoing["key"]) {
  const until = (yield* Clock.currentTimeMillis) + endpoint.readyWithin * 1000
  const timeout = Math.min(endpoint.timeout, longestLook)
  const outgoing = { url: `${plainUrl(endpoint.url)}/models`, key: secret, timeout }
  const pauses = { firstWait: Math.min(endpoint.firstWait, longestPause), longestWait: longestPause }
  const key = keyOf("ready", endpoint.url)
  for (let attempt = 1; ; attempt++) {
    const failure = yield* Effect.flip(sendOnce(outgoing, attempt)).pipe(Effect.catch(() => Effect.undefined))
    if (failure === undefined || isThere(failure)) return
    const wait = waitBefore(pauses, { attempt, key, told: undefined })
    if (!failure.again || (yield* Clock.currentTimeMillis) + wait * 1000 > until)
      return yield* Effect.fail(failure.reason)
    yield* Effect.sleep(wait * 1000)
  }
})
