import { Effect, FileSystem, Option } from "effect"
import type { Metrics } from "../../../schemas/mod.ts"
import { writeDurably } from "./durable.ts"

const phaseOf = (line: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === "object" && value !== null && "phase" in value ? String(value.phase) : undefined
  } catch {
    return undefined // the line a killed process was writing
  }
}

/** One line of JSON per training step, in a file that holds each step of each phase once. */
export const metricsLog = (path: string) => {
  /** The complete lines of the file that are not of `phase`. */
  const others = Effect.fnUntraced(function* (phase: string) {
    const files = yield* FileSystem.FileSystem
    const text = Option.getOrElse(yield* Effect.option(files.readFileString(path)), () => "")
    return text.split("\n").filter((line) => {
      const found = phaseOf(line)
      return found !== undefined && found !== phase
    })
  })
  return {
    /** Forgets what an earlier, unfinished attempt at this phase has written. */
    begin: Effect.fn("metricsLog.begin")(function* (phase: string) {
      const lines = yield* others(phase)
      yield* writeDurably(path, lines.map((line) => `${line}\n`).join(""))
    }),
    append: Effect.fn("metricsLog.append")(function* (metrics: Metrics) {
      const files = yield* FileSystem.FileSystem
      yield* files.writeFileString(path, `${JSON.stringify(metrics)}\n`, { flag: "a" })
    })
  }
}
