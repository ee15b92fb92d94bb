import { Effect, Stream } from "effect"
import { DatasetError, RowsMissing } from "./errors.ts"
import { indexPrompts } from "./indexPrompts.ts"
import { type DatasetOptions, streamRows } from "./streamRows.ts"
import type { Kinds } from "./format/mod.ts"

/**
 * The records of a file, all at once; empty lines are skipped. A row without an id is called `<file>:<line>`.
 *
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, PromptRepeated (prompts only), KindUnsupported, RowsMissing.
 */
export const readDataset = Effect.fn("readDataset")(function* <K extends keyof Kinds>(options: DatasetOptions<K>) {
  const { kind, source } = options
  const records: Array<Kinds[K]> = []
  if (kind === "prompts") {
    yield* indexPrompts({ ...options, kind: "prompts" }, (prompt) => records.push(prompt as Kinds[K]) > 0) // as: K is "prompts" here
    return records
  }
  yield* Stream.runForEach(streamRows(options), ({ record }) => Effect.sync(() => void records.push(record)))
  if (records.length === 0) return yield* new DatasetError({ path: source.path, reason: new RowsMissing() })
  return records
})
