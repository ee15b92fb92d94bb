import { type FileSystem, type Path, Stream } from "effect"
import type { Example } from "./encoding/mod.ts"

/** Examples that stay where they are, and are read from the first to the last as often as they are wanted. */
export interface StoredExamples<A extends Example = Example> {
  readonly length: number
  readonly rows: Stream.Stream<A, unknown, FileSystem.FileSystem | Path.Path>
}

/** What a training learns from: held in memory, or read while it is turned into tokens. */
export type Examples = ReadonlyArray<Example> | StoredExamples

/** Examples one after another. */
export const rowsOf = (examples: Examples): StoredExamples["rows"] =>
  "rows" in examples ? examples.rows : Stream.fromIterable(examples)
