import { Effect, Stream } from "effect"
import { DatasetError, RowsMissing } from "./errors.ts"
import { indexPrompts } from "./indexPrompts.ts"
import { type DatasetOptions, type Row, streamRows } from "./streamRows.ts"
import type { Kinds } from "./RowReader.ts"

/**
 * The records of a file, all at once; empty lines are skipped. A row without an id is called `<file>:<line>`.
 *
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, PromptRepeated (prompts only), KindUnsupported, RowsMissing.
 */
export const readDataset = Effect.fn("readDataset")(function* <K extends keyof Kinds>(options: DatasetOptions<K>) {
  const { kind, source } = options
  const records: Array<Kinds[K]> = []
  const keep = ({ record }: Row<Kinds[K]>) => void records.push(record)
  if (kind === "prompts") {
    const taken = (prompt: Kinds["prompts"]) => (records.push(prompt as Kinds[K]), true) // as: K is "prompts" here
    yield* indexPrompts({ ...options, kind: "prompts" }, taken)
    return records
  }
  yield* Stream.runForEach(streamRows(options), (row) => Effect.sync(() => keep(row)))
  if (records.length === 0) return yield* new DatasetError({ path: source.path, reason: new RowsMissing() })
  return records
})
