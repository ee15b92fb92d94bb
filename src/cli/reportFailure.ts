import { Cause, Console, Effect, Predicate, References } from "effect"
import { CommandFailed } from "./CommandFailed.ts"
import { printJson } from "./printJson.ts"

const sentence = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  const message = error instanceof Error && error.message !== "" ? error.message : String(error)
  return Cause.hasFails(cause) ? message : `A fault of prefloop itself: ${message} (--log-level debug shows where)`
}

/**
 * Says in one sentence on stderr why a command failed, and with which exit code it ends; the stack is for `--log-level debug`.
 *
 * Fails    CommandFailed
 */
export const reportFailure =
  (options: { readonly json: boolean }) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, CommandFailed, R> =>
    Effect.catchCause(
      effect,
      Effect.fnUntraced(function* (cause) {
        if (Cause.hasInterrupts(cause)) return yield* Effect.interrupt
        const level = yield* References.MinimumLogLevel
        const error = Cause.squash(cause)
        const exitCode = Predicate.hasProperty(error, "isBadInput") && error.isBadInput === true ? 2 : 1
        const message = sentence(cause)
        yield* Console.error(message)
        if (level === "Debug" || level === "Trace" || level === "All") yield* Console.error(Cause.pretty(cause))
        if (options.json) yield* printJson({ event: "error", message, exitCode })
        return yield* new CommandFailed({ exitCode })
      })
    )
