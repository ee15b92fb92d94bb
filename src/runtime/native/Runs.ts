import { Effect } from "effect"
import { type RuntimeError, Terminated } from "../errors.ts"
import { Handle } from "./Handle.ts"
import { library } from "./library.ts"
import { check, created, type Doing, failWith, takeStatus } from "./status.ts"

/** Starts a native call on another thread; `done` is called on this one. */
export type Start = (runOptions: bigint, done: (error: Error | null, status: bigint | null) => void) => void

interface Run {
  readonly handle: Handle
  readonly ended: Promise<void>
  stopped: boolean
}

const stop = (run: Run): Promise<void> => {
  run.stopped = true
  check(library().functions.RunOptionsSetTerminate(run.handle.address))
  return run.ended
}

/** The runs of one session that are in flight. */
export class Runs {
  readonly #running = new Set<Run>()

  /** Stops every run between two nodes of its graph, and waits until all have ended. */
  readonly stopAll: Effect.Effect<void> = Effect.promise(() => Promise.all([...this.#running].map(stop)))

  /**
   * Runs on another thread. Interruption stops the run between two nodes of its graph and waits until it has ended;
   * what the run holds stays open until then, whoever closes it meanwhile.
   *
   * Fails    StatusFailed, Terminated, Released
   */
  run(options: {
    readonly doing: Doing
    readonly holds: ReadonlyArray<unknown>
    readonly shapes: () => Readonly<Record<string, ReadonlyArray<number>>>
    readonly start: Start
  }): Effect.Effect<void, RuntimeError> {
    const { doing, holds, shapes, start } = options
    return Effect.callback<void, RuntimeError>((resume) => {
      const { functions } = library()
      try {
        const address = created((out) => functions.CreateRunOptions(out))
        const handle = new Handle({ what: "a run", address, release: functions.ReleaseRunOptions, holds })
        const { promise: ended, resolve } = Promise.withResolvers<void>()
        const run: Run = { handle, ended, stopped: false }
        const finish = () => {
          this.#running.delete(run)
          handle.release()
          resolve()
        }
        this.#running.add(run)
        try {
          start(address, (error, status) => {
            finish()
            if (error) return resume(Effect.die(error))
            const failed = takeStatus(status, status === null ? {} : shapes())
            if (failed === undefined) return resume(Effect.void)
            return resume(failWith(doing, run.stopped ? new Terminated() : failed))
          })
        } catch (cause) {
          finish()
          throw cause
        }
        return Effect.promise(() => stop(run))
      } catch (cause) {
        return resume(failWith(doing, cause))
      }
    })
  }
}
