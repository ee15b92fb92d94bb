import { Effect, Stream } from "effect"
import { HttpServerResponse } from "effect/http"
import { Refused } from "./errors.ts"

/** Headers of every answer: nothing of it is kept. */
const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" }

/** An answer in JSON that is written already. */
export const written = (text: string) => HttpServerResponse.text(text, { contentType: "application/json", headers })

/** An answer in JSON. */
export const json = (value: unknown) => written(JSON.stringify(value))

/** An answer that says why there is none. */
export const refuse = (refused: Refused) => {
  const { body, retryAfter, status } = refused
  return HttpServerResponse.text(JSON.stringify(body), {
    status,
    contentType: "application/json",
    headers: {
      ...headers,
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {})
    }
  })
}

/** Events that are sent when they come. */
export const events = (body: Stream.Stream<Uint8Array>) =>
  HttpServerResponse.stream(body, { contentType: "text/event-stream", headers })

const late = (seconds: number) =>
  new Refused({
    status: 503,
    message: `Cannot answer: found nothing after ${seconds} seconds, wanted the answer by then`,
    code: "timeout"
  })

/** Ends an effect that takes longer. Units: seconds. Fails: Refused (503). */
export const within =
  (seconds: number) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.timeoutOrElse(effect, { duration: seconds * 1000, orElse: () => Effect.fail(late(seconds)) })

/** Ends a stream that takes longer. Units: seconds. Fails: Refused (503). */
export const streamWithin =
  (seconds: number) =>
  <A, E, R>(stream: Stream.Stream<A, E, R>) =>
    Stream.interruptWhen(stream, Effect.andThen(Effect.sleep(seconds * 1000), Effect.fail(late(seconds))))
