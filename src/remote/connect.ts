import { Effect, Schema, Semaphore } from "effect"
import { HttpClient } from "effect/http"
import type { Key } from "../random/mod.ts"
import { awaitReady } from "./awaitReady.ts"
import type { Endpoint } from "./Endpoint.ts"
import { AnswerInvalid, type RemoteReason } from "./errors.ts"
import { makeOnce } from "./makeOnce.ts"
import { plainUrl } from "./plainUrl.ts"
import { readKey } from "./readKey.ts"
import { send } from "./send.ts"
import { excerpt } from "./sendOnce.ts"

/** What a server is asked, and what its answer has to be. */
export interface Question<A> {
  /** Below the address of the server: "/chat/completions". */
  readonly path: string
  readonly body: unknown
  readonly answer: Schema.Codec<A, unknown>
  /** The answer in words, for an error. */
  readonly wanted: string
  /** What the waits between attempts are drawn with. */
  readonly key: Key
  /** Statuses after which the question is not sent again, though they may pass. */
  readonly final?: ReadonlyArray<number>
}

/** A server that can be asked. */
export interface Connection {
  /** The address as it may be shown. */
  readonly url: string
  readonly ask: <A>(question: Question<A>) => Effect.Effect<A, RemoteReason>
}

/**
 * A connection to a server. Nothing is sent before the first question: then the key is read and the server waited for, once.
 *
 * Domain   At most `concurrency` requests are under way at the same time, whoever asks.
 * Fails    KeyMissing, ServerUnreachable, ServerTimedOut, ServerRefused, AnswerInvalid when it is asked.
 */
export const connect = Effect.fnUntraced(function* (endpoint: Endpoint) {
  const client = yield* HttpClient.HttpClient
  const places = yield* Semaphore.make(endpoint.concurrency)
  const url = plainUrl(endpoint.url)
  const secretOf = readKey(endpoint)
  const prepare = yield* makeOnce(Effect.flatMap(secretOf, (secret) => awaitReady(endpoint, secret)))
  const ask = Effect.fnUntraced(
    function* <A>({ answer, body, final, key, path, wanted }: Question<A>) {
      yield* prepare
      const secret = yield* secretOf
      const place = `${url}${path}`
      const outgoing = { url: place, body, key: secret, timeout: endpoint.timeout }
      const { status, text } = yield* places.withPermits(1)(send(endpoint, outgoing, { key, final }))
      const decoded = Schema.decodeUnknownEffect(Schema.fromJsonString(answer))(text)
      return yield* Effect.mapError(
        decoded,
        () => new AnswerInvalid({ url: place, status, found: excerpt(text, secret), wanted })
      )
    },
    Effect.provideService(HttpClient.HttpClient, client)
  )
  const connection: Connection = { url, ask }
  return connection
})
