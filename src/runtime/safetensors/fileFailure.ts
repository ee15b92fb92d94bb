import { Effect, type PlatformError } from "effect"
import { FileFailed, RuntimeError } from "../errors.ts"
import type { Doing } from "../native/status.ts"

const describe = (error: PlatformError.PlatformError): string => {
  const { cause } = error.reason
  return cause instanceof Error ? cause.message : error.reason.message
}

/** A failure of the file system as an error of this folder. */
export const asFileFailed =
  (doing: Doing) =>
  <A, R>(self: Effect.Effect<A, RuntimeError | PlatformError.PlatformError, R>): Effect.Effect<A, RuntimeError, R> =>
    Effect.mapError(self, (error) =>
      error._tag === "PlatformError"
        ? new RuntimeError({ ...doing, reason: new FileFailed({ found: describe(error), cause: error }) })
        : error
    )
