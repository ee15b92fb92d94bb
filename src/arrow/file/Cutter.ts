import { Stream } from "effect"
import type { Found } from "./Found.ts"

/** Cuts bytes into rows, whatever pieces they arrive in. */
export interface Cutter {
  readonly push: (chunk: Uint8Array) => ReadonlyArray<Found>
  readonly end: () => ReadonlyArray<Found>
}

/** The rows that a cutter finds in a stream of bytes. */
export const cut =
  (make: () => Cutter) =>
  <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Found, E, R> =>
    Stream.mapAccum(bytes, make, (cutter, chunk) => [cutter, cutter.push(chunk)] as const, {
      onHalt: (cutter) => cutter.end()
    })
