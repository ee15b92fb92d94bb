import { Effect, type Scope } from "effect"
import type { Engine } from "./Engine.ts"
import type { RuntimeError } from "./errors.ts"
import { describePorts } from "./native/describePorts.ts"
import { Handle } from "./native/Handle.ts"
import { library } from "./native/library.ts"
import { Runs } from "./native/Runs.ts"
import { attempt, type Doing, failWith, takeStatus } from "./native/status.ts"
import { makeSession, type Session } from "./Session.ts"
import type { SessionParts } from "./SessionParts.ts"
import { createSessionOptions, type SessionOptions } from "./SessionOptions.ts"
import { Tensor } from "./Tensor.ts"

/** Models that are being read on another thread: the collector must not take their bytes. */
const reading = new Set<unknown>()

const createSession = (engine: Engine, options: SessionOptions, doing: Doing) =>
  Effect.callback<bigint, RuntimeError>((resume) => {
    const { functions } = library()
    const { model } = options
    const out = new BigUint64Array(1)
    const pin = { model, out }
    try {
      const native = createSessionOptions(engine, options)
      reading.add(pin)
      const done = (error: Error | null, status: bigint | null) => {
        reading.delete(pin)
        functions.ReleaseSessionOptions(native)
        const failed = error ?? takeStatus(status)
        resume(failed ? failWith(doing, failed) : Effect.succeed(out[0] ?? 0n))
      }
      const environment = engine.environment.address
      if (typeof model === "string") functions.CreateSession.async(environment, model, native, out, done)
      else functions.CreateSessionFromArray.async(environment, model, model.length, native, out, done)
    } catch (cause) {
      resume(failWith(doing, cause))
    }
  })

/**
 * Opens a model on another thread. When the scope closes, runs in flight are stopped and the session is released.
 *
 * Fails    StatusFailed, ElementTypeUnknown, Released
 */
export const openParts = (
  engine: Engine,
  options: SessionOptions
): Effect.Effect<SessionParts, RuntimeError, Scope.Scope> => {
  const { name } = options
  const doing: Doing = { action: "open", subject: name }
  const runs = new Runs()
  const open = (address: bigint): SessionParts => {
    const holds = [engine.environment, ...Object.values(options.initializers ?? {}).map(Tensor.handle)]
    const handle = new Handle({
      what: `session "${name}"`,
      address,
      release: library().functions.ReleaseSession,
      holds
    })
    try {
      const ports = { inputs: describePorts(address, "Input"), outputs: describePorts(address, "Output") }
      return { name, engine, handle, runs, ports }
    } catch (cause) {
      handle.release()
      throw cause
    }
  }
  const acquire = engine.gate
    .withPermit(createSession(engine, options, doing))
    .pipe(Effect.flatMap((address) => attempt(doing, () => open(address))))
  return Effect.acquireRelease(acquire, ({ handle }) =>
    Effect.andThen(
      runs.stopAll,
      Effect.sync(() => handle.release())
    )
  )
}

/** Opens a model as a session. Fails   as `openParts`. */
export const openSession = (
  engine: Engine,
  options: SessionOptions
): Effect.Effect<Session, RuntimeError, Scope.Scope> => Effect.map(openParts(engine, options), makeSession)
