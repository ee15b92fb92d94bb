import { Worker } from "node:worker_threads"
import { Effect, Schema, Semaphore } from "effect"
import { TextError, ThreadFailed, type Tokenizer } from "../text/mod.ts"
import type { Arguments, Given, JobName } from "./jobs.ts"
import { type Answer, dataOf } from "./protocol.ts"

const decodeError = Schema.decodeUnknownSync(TextError)
const failed = (detail: string) => new TextError({ reason: new ThreadFailed({ detail }) })

/** A thread that does not keep the process alive while it has nothing to do. */
const start = (tokenizer: Tokenizer, ended: () => void): Worker => {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: dataOf(tokenizer) })
  worker.on("error", ended).on("exit", ended) // who waits for an answer hears of it too
  worker.unref()
  return worker
}

/** Asks one job; whoever is interrupted hears nothing more of it. Fails: TextError: those of the job, ThreadFailed. */
const ask = <Name extends JobName>(worker: Worker, asked: { id: number; name: Name; rest: Arguments<Name> }) =>
  Effect.callback<Given<Name>, TextError>((resume) => {
    const end = (result: Effect.Effect<Given<Name>, TextError>) => {
      forget()
      resume(result)
    }
    const hear = (answer: Answer) => {
      if (answer.id !== asked.id) return // of a job that was interrupted
      end(
        "failed" in answer ? Effect.fail(decodeError(answer.failed)) : Effect.succeed(answer.given as Given<Name>) // as: the thread runs the same row of the table
      )
    }
    const broke = (cause: unknown) => end(Effect.fail(failed(cause instanceof Error ? cause.message : String(cause))))
    const exited = (code: number) => broke(`exit code ${code}`)
    const forget = () => {
      worker.off("message", hear).off("error", broke).off("exit", exited)
      worker.unref()
    }
    worker.on("message", hear).on("error", broke).on("exit", exited)
    worker.ref()
    worker.postMessage(asked)
    return Effect.sync(forget)
  })

/**
 * A thread beside this one that does the jobs of a tokenizer one after another: started by the first job, anew where it broke,
 * and ended with the scope. A job that is interrupted before its turn never runs.
 */
export const openThread = Effect.fnUntraced(function* (tokenizer: Tokenizer) {
  const turn = yield* Semaphore.make(1)
  let worker: Worker | undefined
  let jobs = 0
  yield* Effect.addFinalizer(() => Effect.promise(async () => worker?.terminate()))
  return <Name extends JobName>(name: Name, rest: Arguments<Name>): Effect.Effect<Given<Name>, TextError> =>
    turn.withPermits(1)(
      Effect.suspend(() => {
        worker ??= start(tokenizer, () => (worker = undefined))
        jobs += 1
        return ask(worker, { id: jobs, name, rest })
      })
    )
})
