import { Effect, FileSystem, Option, Path, Schema } from "effect"
import { fileProblem } from "./errors.ts"
import type { OpenSink, PhaseStart } from "./MetricsSink.ts"

const decodeLine = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ phase: Schema.String, step: Schema.Natural }))
)

/** The lines that stand when a phase goes on; the half line of a killed process does not. */
const standing = (text: string, start: PhaseStart): ReadonlyArray<string> =>
  text
    .split("\n")
    .filter((line) =>
      Option.exists(decodeLine(line), ({ phase, step }) => phase !== start.phase || step <= start.after)
    )

/** Writes a text file that a reader sees whole, the old or the new one. */
const replace = Effect.fnUntraced(function* (path: string, text: string) {
  const files = yield* FileSystem.FileSystem
  const temporary = `${path}.part`
  yield* files.writeFileString(temporary, text)
  yield* Effect.scoped(Effect.flatMap(files.open(temporary, { flag: "r+" }), (file) => file.sync))
  yield* files.rename(temporary, path)
})

/**
 * `metrics.jsonl`: one line of JSON per optimizer step, each step of each phase once.
 *
 * Fails    TelemetryError: FileFailed.
 */
export const jsonLines: OpenSink = Effect.fnUntraced(function* (folder: string) {
  const files = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(folder, "metrics.jsonl")
  const problem = Effect.mapError(fileProblem(path))
  return {
    begin: Effect.fn("jsonLines.begin")(function* (start: PhaseStart) {
      const text = Option.getOrElse(yield* Effect.option(files.readFileString(path)), () => "")
      const lines = standing(text, start).map((line) => `${line}\n`)
      yield* replace(path, lines.join("")).pipe(Effect.provideService(FileSystem.FileSystem, files), problem)
    }),
    write: (metrics) => problem(files.writeFileString(path, `${JSON.stringify(metrics)}\n`, { flag: "a" }))
  }
})
