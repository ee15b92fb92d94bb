import { Stream } from "effect"
import type { Found } from "./Found.ts"

/** Cuts bytes into rows, whatever pieces they arrive in. */
export interface Cutter {
  readonly push: (chunk: Uint8Array) => ReadonlyArray<Found>
  readonly end: () => ReadonlyArray<Found>
}

/** The rows that a cutter finds in a stream of bytes; its end is asked for only where the stream does not fail. */
export const cut =
  (make: () => Cutter) =>
  <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Found, E, R> =>
    Stream.suspend(() => {
      const cutter = make()
      return Stream.concat(
        Stream.flattenIterable(Stream.map(bytes, cutter.push)),
        Stream.suspend(() => Stream.fromIterable(cutter.end()))
      )
    })
