import { Effect, FileSystem, Option, Path, Schema } from "effect"
import { Metrics } from "../../schemas/mod.ts"

const decodeLine = Schema.decodeUnknownOption(Schema.fromJsonString(Metrics))

/** The measures of one phase that `metrics.jsonl` of a folder holds; none where there is no such file. */
export const readMetrics = Effect.fn("readMetrics")(function* (folder: string, phase: string) {
  const files = yield* FileSystem.FileSystem
  const path = (yield* Path.Path).join(folder, "metrics.jsonl")
  const text = Option.getOrElse(yield* Effect.option(files.readFileString(path)), () => "")
  return text.split("\n").flatMap((line): ReadonlyArray<Metrics> => {
    const row = decodeLine(line)
    return Option.isSome(row) && row.value.phase === phase ? [row.value] : []
  })
})
