import { Clock, Effect, type Redacted } from "effect"
import { HttpClient, type HttpClientError, HttpClientRequest } from "effect/http"
import { ServerRefused, ServerTimedOut, ServerUnreachable } from "./errors.ts"
import { plainUrl } from "./plainUrl.ts"
import { withoutKey } from "./readKey.ts"
import { retryAfter } from "./retryAfter.ts"

/** A request to a server; one without a body asks with GET. Units: `timeout` in seconds. */
export interface Outgoing {
  readonly url: string
  readonly body?: unknown
  readonly key: Redacted.Redacted | undefined
  readonly timeout: number
}

/** Why an attempt failed, whether another may help, and how long the server wants to be left alone (seconds). */
export interface Failure {
  readonly reason: ServerUnreachable | ServerTimedOut | ServerRefused
  readonly again: boolean
  readonly told?: number | undefined
}

/** Statuses that pass: too slow, too early, too many, and whatever is wrong inside of the server. */
const passes = (status: number): boolean => [408, 425, 429].includes(status) || status >= 500

/** Characters of an answer that are shown in an error (code units). */
const shown = 300

/** The start of an answer on one line. */
export const excerpt = (text: string, key: Redacted.Redacted | undefined): string => {
  const line = withoutKey(text, key).replaceAll(/\s+/g, " ").trim()
  return line === "" ? "an empty answer" : line.length > shown ? `${line.slice(0, shown)}…` : line
}

const troubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody who listens (connection refused)",
  ECONNRESET: "a connection that was closed",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "no such host",
  UND_ERR_SOCKET: "a connection that was closed"
}

/** The codes of an error and of those inside it. */
const codesOf = (error: unknown): ReadonlyArray<string> => {
  if (typeof error !== "object" || error === null) return []
  const inner = "cause" in error ? codesOf(error.cause) : []
  return "code" in error && typeof error.code === "string" ? [error.code, ...inner] : inner
}

/** What a client's error says, without the request in it. */
const trouble = ({ reason }: HttpClientError.HttpClientError): string => {
  const code = codesOf(reason.cause)[0]
  return code === undefined ? "a connection that broke" : (troubles[code] ?? `a connection that broke (${code})`)
}

/** The status and text of the answer to one request, sent once, which is attempt number `attempts`. Fails: Failure. */
export const sendOnce = Effect.fnUntraced(function* ({ body, key, timeout, url }: Outgoing, attempts: number) {
  const client = yield* HttpClient.HttpClient
  const place = { url: plainUrl(url), attempts }
  const bare =
    body === undefined
      ? HttpClientRequest.get(url)
      : HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(url), body)
  const request = key === undefined ? bare : HttpClientRequest.bearerToken(bare, key)
  const sent = Effect.gen(function* () {
    const response = yield* client.execute(request)
    return { status: response.status, text: yield* response.text, told: response.headers["retry-after"] }
  })
  const { status, text, told } = yield* sent.pipe(
    Effect.mapError((error): Failure => ({
      reason: new ServerUnreachable({ ...place, found: trouble(error) }),
      again: true
    })),
    Effect.timeoutOrElse({
      duration: timeout * 1000,
      orElse: () => Effect.fail<Failure>({ reason: new ServerTimedOut({ ...place, seconds: timeout }), again: true })
    })
  )
  if (status >= 200 && status < 300) return { status, text }
  const reason = new ServerRefused({ ...place, status, found: excerpt(text, key) })
  const now = yield* Clock.currentTimeMillis
  return yield* Effect.fail<Failure>({ reason, again: passes(status), told: retryAfter(told, now) })
})
