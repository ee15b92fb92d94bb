import { Effect, FileSystem, Path, PlatformError, Stream } from "effect"
import { type ArrowError, type Batch, columnNames, optionalColumns, regroup } from "../../arrow/mod.ts"
import { type DatasetCard, renderCard } from "../card/mod.ts"
import { DatasetExportError, FolderRefused, FolderTaken, SplitUnnamed } from "./errors.ts"
import { type ExportKinds, shapeFor } from "./shapes.ts"
import { writeSplit } from "./writeSplit.ts"

/** A split that was written. */
export interface WrittenSplit {
  readonly name: string
  readonly rows: number
  readonly shards: number
}

/**
 * A data set for other programs.
 *
 * Units    `rowsPerGroup` and `rowsPerShard` in rows; a shard ends with the row group that reaches its rows.
 * Domain   `card` and `files` are asked for when every row is written; `columns` "trl" are those of TRL alone; "all" has those of our records beside them, of which TRL's RewardTrainer takes `margin` as that of its loss.
 */
export interface ExportOptions<K extends keyof ExportKinds, E, R> {
  readonly kind: K
  readonly splits: Readonly<Record<string, Stream.Stream<Batch<ExportKinds[K]>, E, R>>>
  readonly folder: string
  readonly card: DatasetCard | ((splits: ReadonlyArray<WrittenSplit>) => DatasetCard)
  /** Texts that lie beside the card, by their names. */
  readonly files?: (splits: ReadonlyArray<WrittenSplit>) => Readonly<Record<string, string>>
  readonly columns?: "trl" | "all"
  readonly formats?: ReadonlyArray<"parquet" | "jsonLines">
  readonly rowsPerGroup?: number
  readonly rowsPerShard?: number
}

/** The file system's own errors as ours; all others as they are. */
const refused =
  <E>(folder: string) =>
  (error: E | ArrowError | DatasetExportError | PlatformError.PlatformError): E | ArrowError | DatasetExportError =>
    error instanceof PlatformError.PlatformError
      ? new DatasetExportError({ folder, reason: new FolderRefused({ cause: error }) })
      : error

/** What stands in the way of a folder: files in it, or names of splits. */
const checkFolder = Effect.fnUntraced(function* (folder: string, names: ReadonlyArray<string>) {
  const fs = yield* FileSystem.FileSystem
  const fail = (reason: DatasetExportError["reason"]) => new DatasetExportError({ folder, reason })
  const unnamed = names.find((name) => !/^\w+(\.\w+)*$/.test(name))
  if (unnamed !== undefined) return yield* fail(new SplitUnnamed({ found: unnamed }))
  if (!(yield* fs.exists(folder))) return
  const { length } = yield* fs.readDirectory(folder)
  if (length > 0) return yield* fail(new FolderTaken({ found: length }))
})

/**
 * Writes a folder that `datasets.load_dataset` and TRL's trainers take as it is: Parquet shards, a card, and JSON lines where
 * wanted. The folder appears when it is complete; memory holds one row group at a time.
 *
 * Fails    DatasetExportError (FolderTaken, SplitUnnamed, FolderRefused), ArrowError, and what the streams fail with
 */
export const exportDataset = Effect.fn("exportDataset")(function* <K extends keyof ExportKinds, E, R>(
  options: ExportOptions<K, E, R>
) {
  const {
    card,
    columns = "trl",
    folder,
    formats = ["parquet"],
    kind,
    rowsPerGroup = 1000,
    rowsPerShard = 100_000
  } = options
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const unfinished = `${folder.replace(/[\\/]+$/, "")}.tmp`
  const { schema, tags, toRow, trainer } = shapeFor(kind, columns)
  const jsonLines = formats.includes("jsonLines")
  const write = Effect.gen(function* () {
    yield* checkFolder(folder, Object.keys(options.splits))
    yield* fs.remove(unfinished, { recursive: true, force: true })
    for (const kindFolder of jsonLines ? ["data", "json"] : ["data"])
      yield* fs.makeDirectory(join(unfinished, kindFolder), { recursive: true })
    const groupsPerShard = Math.max(1, Math.ceil(rowsPerShard / rowsPerGroup))
    const splits = yield* Effect.forEach(Object.entries(options.splits), ([name, batches]) => {
      const groups = Stream.map(regroup(rowsPerGroup)(batches), (rows) => rows.map(toRow))
      return writeSplit({ folder: unfinished, name, schema, groupsPerShard, jsonLines }, groups)
    })
    const content = { splits, columns: [...columnNames(schema), ...optionalColumns(schema)], tags, trainer, jsonLines }
    const said = typeof card === "function" ? card(splits) : card
    yield* fs.writeFileString(join(unfinished, "README.md"), renderCard(said, content))
    for (const [name, text] of Object.entries(options.files?.(splits) ?? {}))
      yield* fs.writeFileString(join(unfinished, name), text)
    yield* fs.remove(folder, { recursive: true, force: true })
    yield* fs.rename(unfinished, folder)
    return { folder, splits }
  })
  const tidy = Effect.ignore(fs.remove(unfinished, { recursive: true, force: true }))
  return yield* write.pipe(
    Effect.onError(() => tidy),
    Effect.mapError(refused<E>(folder))
  )
})
