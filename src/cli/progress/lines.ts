import { Console, Effect, Layer } from "effect"
import { Progress } from "../../pipeline/mod.ts"
import { makeProgress } from "./makeProgress.ts"
import { endedLine, runningLine } from "./View.ts"

/** Plain lines, one every few seconds and one at the end of a phase: for logs. Writes to stderr. */
export const lines = Layer.succeed(
  Progress,
  makeProgress({
    begin: () => Effect.void,
    tick: (view) => Console.error(runningLine(view)),
    end: (view) => Console.error(endedLine(view)),
    note: (line) => Console.error(line),
    warn: (line) => Console.error(`Warning: ${line}`),
    every: "5 seconds"
  })
)
