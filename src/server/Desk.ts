import type { Key } from "../random/mod.ts"
import type { Gate } from "./makeGate.ts"
import type { Served } from "./Served.ts"

/** What handlers answer with. */
export interface Desk {
  readonly served: Served
  readonly gate: Gate
  /** Largest body of a request (bytes). */
  readonly largestBody: number
  /** Longest time for one answer (seconds). */
  readonly timeout: number
  /** Longest response where a request does not say (tokens). */
  readonly maxNewTokens: number
  /** When the server started (seconds since 1970). */
  readonly started: number
  /** The program and its version. */
  readonly fingerprint: string
  /** A key that no request before had: names answers, and seeds those that ask for none. */
  readonly nextKey: () => Key
}
