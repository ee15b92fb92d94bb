import { Cause, Stream } from "effect"
import type { Refused } from "../errors.ts"

const encoder = new TextEncoder()
const line = (data: string) => encoder.encode(`data: ${data}\n\n`)

/**
 * Objects as server-sent events, as the OpenAI API writes them: `[DONE]` comes last, or an error, and nothing after it.
 *
 * Source   https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const toEvents = <A, E>(
  objects: Stream.Stream<A, E>,
  refused: (cause: Cause.Cause<E>) => Refused
): Stream.Stream<Uint8Array> =>
  objects.pipe(
    Stream.map((value) => line(JSON.stringify(value))),
    Stream.concat(Stream.succeed(line("[DONE]"))),
    Stream.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Stream.failCause(cause as Cause.Cause<never>)
        : Stream.succeed(line(JSON.stringify(refused(cause).body)))
    )
  )
