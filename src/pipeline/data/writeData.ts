import { Effect, type FileSystem, type Path, Result, Stream } from "effect"
import { Comparison, Demonstration, Judged, Prompt } from "../../../schemas/mod.ts"
import {
  type ArrowError,
  type Batch,
  fromRows,
  type RecordSchema,
  writeArrow,
  writeJsonLines,
  writeParquet,
  type Written
} from "../../arrow/mod.ts"
import { type DatasetCard, type DatasetExportError, exportDataset, shapeFor } from "../../dataset/mod.ts"
import type { DataKind, DataKinds } from "./DataSource.ts"
import { NameUnknown, OutputEmpty, OutputError } from "./errors.ts"

const endings = { ".jsonl": "jsonl", ".ndjson": "jsonl", ".arrow": "arrow", ".parquet": "parquet" } as const

/** What is written: one file, or a folder as Hugging Face lays it out. */
export type OutputKind = (typeof endings)[keyof typeof endings] | "folder"

/** What a name says that is to be written under it. */
export const outputKind = (out: string): Result.Result<OutputKind, OutputError> => {
  const ending = /[^./\\](\.[^./\\]*)[/\\]*$/.exec(out)?.[1]
  const found = Object.entries(endings).find(([name]) => name === ending)?.[1]
  if (ending === undefined) return Result.succeed("folder")
  if (found !== undefined) return Result.succeed(found)
  return Result.fail(new OutputError({ path: out, reason: new NameUnknown({ known: Object.keys(endings) }) }))
}

/**
 * Where records go, and in which columns.
 *
 * Domain   `columns`: those of our records (unless told, in a file), those of TRL (unless told, in a folder), or TRL's with ours
 *          beside them. `card` and `split` ("train" unless told) are for a folder.
 */
export interface WriteOptions<K extends DataKind> {
  readonly kind: K
  readonly out: string
  readonly columns?: "records" | "trl" | "all"
  readonly card: DatasetCard
  readonly split?: string
}

/** What is written: records with empty texts too, which rules are for. */
const schemas: { readonly [K in DataKind]: RecordSchema<DataKinds[K]> } = {
  prompts: Prompt,
  preferences: Comparison,
  demonstrations: Demonstration,
  judged: Judged
}

/** Records that are written together. */
const batchSize = 1000

/** What writes batches to a file. */
type Writer = <A extends object>(
  path: string,
  schema: RecordSchema<A>
) => <E, R>(batches: Stream.Stream<Batch<A>, E, R>) => Effect.Effect<Written, E | ArrowError, R | FileSystem.FileSystem>

const writers: Readonly<Record<Exclude<OutputKind, "folder">, Writer>> = {
  jsonl: writeJsonLines,
  arrow: (path, schema) => writeArrow(path, schema),
  parquet: (path, schema) => writeParquet(path, schema)
}

const writeFile = <A extends object>(kind: Exclude<OutputKind, "folder">, out: string, schema: RecordSchema<A>) => {
  const write = writers[kind](out, schema)
  return <E, R>(rows: Stream.Stream<A, E, R>) =>
    write(Stream.map(Stream.grouped(rows, batchSize), (group) => fromRows(schema, group)))
}

/** A stream that fails at its end if nothing came. */
const filled =
  (path: string) =>
  <A, E, R>(rows: Stream.Stream<A, E, R>): Stream.Stream<A, E | OutputError, R> =>
    Stream.suspend(() => {
      let count = 0
      const end = Stream.suspend(() =>
        count > 0 ? Stream.empty : Stream.fail(new OutputError({ path, reason: new OutputEmpty() }))
      )
      return Stream.concat(
        Stream.tap(rows, () => Effect.sync(() => count++)),
        end
      )
    })

const writeFolder = <K extends DataKind, E, R>(options: WriteOptions<K>, rows: Stream.Stream<DataKinds[K], E, R>) => {
  const { card, columns, kind, out, split = "train" } = options
  const batches = Stream.map(Stream.grouped(rows, batchSize), (group) => fromRows(schemas[kind], group))
  return exportDataset({
    kind,
    splits: { [split]: batches },
    folder: out,
    card,
    columns: columns === "all" ? "all" : "trl"
  })
}

/**
 * Writes records to what the name says: JSON lines, Arrow, Parquet, or a folder for `datasets` and TRL. It appears when it is
 * complete, and not at all where something fails or nothing comes.
 *
 * Fails    OutputError (NameUnknown, OutputEmpty), ArrowError, DatasetExportError, and what the stream fails with
 */
export const writeData =
  <K extends DataKind>(options: WriteOptions<K>) =>
  <E, R>(
    records: Stream.Stream<DataKinds[K], E, R>
  ): Effect.Effect<void, E | ArrowError | OutputError | DatasetExportError, R | FileSystem.FileSystem | Path.Path> =>
    Effect.gen(function* () {
      const { columns = "records", kind, out } = options
      const target = yield* Effect.fromResult(outputKind(out))
      const rows = filled(out)(records)
      if (target === "folder") return yield* Effect.asVoid(writeFolder(options, rows))
      if (columns === "records") return yield* Effect.asVoid(writeFile(target, out, schemas[kind])(rows))
      const { schema, toRow } = shapeFor(kind, columns)
      return yield* Effect.asVoid(writeFile(target, out, schema)(Stream.map(rows, toRow)))
    })
