import { Worker } from "node:worker_threads"
import type { Call } from "./Call.ts"
import { callOf, library, libraryPath } from "./library.ts"

/** The functions that run a session. */
export type RunName = "Run" | "RunWithBinding"

/** Hears how a call ended: of its status, or of a thread that broke. */
export type Done = (error: Error | null, status: bigint | null) => void

/** What a thread is started with. */
export interface ThreadData {
  readonly path: string
  readonly calls: Readonly<Record<RunName, Call>>
}

/** A call for the thread, in numbers and addresses alone because memory is not sent, or that no more will come. */
export type Asked = readonly [name: RunName, ...numbers: ReadonlyArray<bigint | number>] | "end"

const callByPool = (name: RunName, numbers: ReadonlyArray<bigint | number>, done: Done): void => {
  const call = library().functions[name].async as (...given: ReadonlyArray<unknown>) => void // as: what it takes depends on the name
  call(...numbers, done)
}

/**
 * The thread that runs sessions. libuv hands each call to another of its four threads, and where every processor is busy
 * two threads of a run then share one for several milliseconds; that costs a step of decoding a tenth of its time.
 */
export class RunThread {
  #worker: Worker | undefined
  #isUp = false
  #done: Done | undefined
  #ended: Promise<void> | undefined

  /**
   * Calls a function on this thread; on one of libuv's while it is not up yet, while it makes another call, or where it broke.
   *
   * Domain   Addresses are of memory that stays where it is until `done` is called.
   */
  call(name: RunName, numbers: ReadonlyArray<bigint | number>, done: Done): void {
    this.#worker ??= this.#start()
    if (!this.#isUp || this.#done) return callByPool(name, numbers, done)
    this.#done = done
    this.#worker.ref() // a run keeps the process alive, an idle thread does not
    this.#worker.postMessage([name, ...numbers] satisfies Asked)
  }

  /** Lets the thread end by itself: koffi takes the process with it when it is stopped while it loads. */
  async close(): Promise<void> {
    this.#worker?.ref()
    this.#worker?.postMessage("end" satisfies Asked)
    await this.#ended
  }

  #start(): Worker {
    const calls = { Run: callOf("Run"), RunWithBinding: callOf("RunWithBinding") }
    const workerData: ThreadData = { path: libraryPath(), calls }
    const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData })
    this.#ended = new Promise((resolve) => worker.once("exit", () => resolve()))
    worker.unref()
    return worker
      .on("online", () => (this.#isUp = true))
      .on("message", (status: bigint | null) => this.#end(null, status))
      .on("error", (error: Error) => this.#break(error))
      .on("exit", (code) => this.#break(new Error(`the thread that runs sessions ended with exit code ${code}`)))
  }

  #break(error: Error): void {
    this.#isUp = false
    this.#end(error, null)
  }

  #end(error: Error | null, status: bigint | null): void {
    const done = this.#done
    this.#done = undefined
    this.#worker?.unref()
    done?.(error, status)
  }
}
