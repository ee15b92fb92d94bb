import { Clock, Effect, Redacted } from "effect"
import { key } from "../random/mod.ts"
import { excerpt, plainUrl, retryAfter, waitBefore } from "../remote/mod.ts"
import { DatasetGated, DatasetUnknown, HubRefused, HubUnreachable, type HubReason, RevisionUnknown } from "./errors.ts"
import type { HubSettings } from "./readSettings.ts"

/** A request for something of the hub. `accept` are statuses that are answers though they are no success. */
export interface Request {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly accept?: ReadonlyArray<number>
}

interface Failure {
  readonly reason: HubReason
  readonly again: boolean
  readonly told?: number | undefined
}

const passes = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500

/** The token goes to the hub itself and to no other host. */
const headersOf = ({ endpoint, token }: HubSettings, { headers = {}, url }: Request) =>
  token !== undefined && URL.parse(url)?.origin === URL.parse(endpoint)?.origin
    ? { ...headers, authorization: `Bearer ${Redacted.value(token)}` }
    : headers

/** What a refusal means. Source: the header X-Error-Code of the hub; without it, the status. */
const reasonOf = (settings: HubSettings, request: Request, response: Response, text: string, attempts: number) => {
  const { status } = response
  const token = settings.token === undefined ? "absent" : "sent"
  const code = response.headers.get("x-error-code")
  if (code === "RevisionNotFound") return new RevisionUnknown({ status })
  if (code === "GatedRepo" || (code === null && status === 403)) return new DatasetGated({ status, token })
  if (code === "RepoNotFound" || (code === null && [401, 404].includes(status)))
    return new DatasetUnknown({ status, token })
  return new HubRefused({ url: plainUrl(request.url), status, found: excerpt(text, settings.token), attempts })
}

const codeOf = (cause: unknown): string => {
  if (typeof cause !== "object" || cause === null) return ""
  const inner = "cause" in cause ? codeOf(cause.cause) : ""
  return "code" in cause && typeof cause.code === "string" ? ` (${cause.code})` : inner
}

const askOnce = Effect.fnUntraced(function* (settings: HubSettings, request: Request, attempts: number) {
  const url = plainUrl(request.url)
  const lost = (found: string): Failure => ({ reason: new HubUnreachable({ url, found, attempts }), again: true })
  const sent = Effect.tryPromise({
    try: (signal) => settings.fetch(request.url, { headers: headersOf(settings, request), signal }),
    catch: (cause) => lost(`a connection that broke${codeOf(cause)}`)
  })
  const limit = {
    duration: settings.timeout * 1000,
    orElse: () => Effect.fail(lost(`nothing within ${settings.timeout} seconds`))
  }
  const response = yield* Effect.timeoutOrElse(sent, limit)
  if (response.ok || (request.accept ?? []).includes(response.status)) return response
  const body = Effect.tryPromise({ try: () => response.text(), catch: () => lost("half an answer") })
  const text = yield* Effect.timeoutOrElse(body, limit)
  const reason = reasonOf(settings, request, response, text, attempts)
  const told = retryAfter(response.headers.get("retry-after") ?? undefined, yield* Clock.currentTimeMillis)
  return yield* Effect.fail<Failure>({ reason, again: passes(response.status), told })
})

/**
 * The answer of the hub to a request, sent again after a wait while that may help.
 *
 * Domain   Sent again: no connection, no answer in time, statuses 408, 425, 429 and from 500 on.
 * Fails    DatasetUnknown, RevisionUnknown, DatasetGated, HubRefused, HubUnreachable
 */
export const ask = (settings: HubSettings, request: Request, attempt = 1): Effect.Effect<Response, HubReason> =>
  Effect.catch(askOnce(settings, request, attempt), ({ again, reason, told }) => {
    const wait = waitBefore(settings, { attempt, key: key("hub", plainUrl(request.url)), told })
    const ends = !again || attempt >= settings.attempts || wait > settings.longestWait
    return ends ? Effect.fail(reason) : Effect.andThen(Effect.sleep(wait * 1000), ask(settings, request, attempt + 1))
  })
