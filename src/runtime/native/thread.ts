/** The thread that `RunThread` starts: it makes one call after another. It loads nothing but koffi, so that it is up at once. */
import { parentPort, workerData } from "node:worker_threads"
import { bindCall, openLibrary } from "./Call.ts"
import type { Asked, ThreadData } from "./RunThread.ts"

const { calls, path } = workerData as ThreadData // as: RunThread starts this file, and nobody else
openLibrary(path)
const functions = { Run: bindCall(calls.Run), RunWithBinding: bindCall(calls.RunWithBinding) }

parentPort?.on("message", (asked: Asked) => {
  if (asked === "end") return parentPort?.close()
  const [name, ...given] = asked
  parentPort?.postMessage(functions[name](...given))
})
