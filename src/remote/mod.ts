/**
 * Servers that are asked over HTTP: with patience, with a key that is never shown, and with errors that say what was found.
 *
 * ```ts
 * const { ask } = yield* connect(endpoint)
 * const { rewards } = yield* ask({ path: "/score", body, answer: Rewards, wanted: "rewards", key: key("score", 0) })
 * ```
 */
export { connect, type Connection, type Question } from "./connect.ts"
export { Endpoint, endpointKeys } from "./Endpoint.ts"
export {
  AnswerInvalid,
  KeyMissing,
  type RemoteReason,
  remoteReasons,
  ServerRefused,
  ServerTimedOut,
  ServerUnreachable
} from "./errors.ts"
export { httpClient } from "./httpClient.ts"
export { makeOnce } from "./makeOnce.ts"
export { plainUrl } from "./plainUrl.ts"
export { readKey, withoutKey } from "./readKey.ts"
export { retryAfter } from "./retryAfter.ts"
export { excerpt } from "./sendOnce.ts"
export { waitBefore } from "./waitBefore.ts"
