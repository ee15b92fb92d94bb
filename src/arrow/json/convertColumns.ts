import type { Schema } from "apache-arrow"
import { Effect, Fiber, FileSystem, Stream } from "effect"
import { beside } from "../beside.ts"
import type { ArrowError } from "../errors.ts"
import { FileBytes } from "../FileBytes.ts"
import { fileProblem } from "../fileProblem.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import { type Append, writeAtomically } from "../writeAtomically.ts"
import type { Written } from "../Written.ts"
import { fromColumns } from "./ColumnBatch.ts"
import { closeKernel } from "./kernel/openKernel.ts"
import { LineFeed } from "./LineFeed.ts"
import { readColumns } from "./readColumns.ts"
import { type Dropped, RowFilter } from "./RowFilter.ts"
import type { Batches } from "./RowScanner.ts"
import { batchDefaults, type BatchOptions, chunkSize, rowScannerOf, textsIn } from "./rowScannerOf.ts"
import type { RowRule } from "./rules/RowRule.ts"
import { takeRows } from "./takeRows.ts"
import { writeColumns } from "./writeColumns.ts"

/** From which lines to which file, and which rows. */
export interface ConvertOptions<A, Name extends string> extends BatchOptions {
  readonly from: string
  readonly to: string
  readonly schema: RecordSchema<A>
  readonly rules: Readonly<Record<Name, RowRule>>
  /** Kept in the schema of the file. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** What went into the file, and how many rows each rule took out. */
export interface Converted<Name extends string> extends Written {
  readonly dropped: Dropped<Name>
}

/** Batches that need more memory than this are made outside the kernel. Units: bytes. */
const largestMemory = 2 ** 30
/** One batch is written while the next is made. */
const turns = 2

/** The same by batches, each in memory of its own. */
const convertBatches = <A, Name extends string>(options: ConvertOptions<A, Name>) =>
  Effect.gen(function* () {
    const { from, to, schema, metadata } = options
    const filter = new RowFilter(options.rules)
    const kept = Stream.map(readColumns(from, schema, options), ({ recordBatch }) =>
      fromColumns(schema, takeRows(recordBatch, filter.rowsOf(recordBatch)))
    )
    const written = yield* writeColumns(to, schema, metadata)(kept)
    return { ...written, dropped: filter.dropped }
  })

/** Reads a file into the rooms of a feed, and gives the batches of each piece to `use` while the next is read. */
const readInto = Effect.fnUntraced(function* <E, R>(
  path: string,
  feed: LineFeed,
  use: (batches: Batches) => Effect.Effect<void, E, R>
) {
  const problem = fileProblem("read", path)
  const file = yield* Effect.mapError((yield* FileSystem.FileSystem).open(path), problem)
  const next = Effect.suspend(() => beside(Effect.mapError(file.read(feed.room), problem)))
  for (let reading = yield* next; ;) {
    const count = Number(yield* Fiber.join(reading))
    if (count === 0) return yield* use(feed.end())
    const batches = feed.take(count)
    reading = yield* next
    yield* use(batches)
  }
})

/** Writes and counts batches; one is written while the next is made, which must lie elsewhere. */
class Sink {
  readonly #append: Append
  readonly #file = new FileBytes()
  #written: Written = { rows: 0, batches: 0 }
  #writing: Fiber.Fiber<void, ArrowError> | undefined

  constructor(append: Append) {
    this.#append = append
  }

  begin(schema: Schema) {
    return this.#append(this.#file.begin(schema))
  }

  readonly take = Effect.fnUntraced({ self: this as Sink }, function* (batches: Batches) {
    for (const batch of batches) {
      const recordBatch = yield* Effect.fromResult(batch)
      const { rows, batches: before } = this.#written
      this.#written = { rows: rows + recordBatch.numRows, batches: before + 1 }
      yield* this.#wait
      const pieces = this.#file.pieces(recordBatch)
      this.#writing = yield* beside(Effect.forEach(pieces, this.#append, { discard: true }))
    }
  })

  readonly end = Effect.fnUntraced({ self: this as Sink }, function* () {
    yield* this.#wait
    yield* this.#append(this.#file.end())
    return this.#written
  })

  get #wait() {
    return this.#writing === undefined ? Effect.void : Fiber.join(this.#writing)
  }
}

/**
 * Writes the rows of a file of JSON lines that fit the rules as an Arrow IPC file: what `readColumns`, `keepRows` and
 * `writeColumns` do one after the other, byte for byte, but in one memory, which batches use in turn, and rows that do
 * not fit are taken back right after they are read. A rule must not hold on to a batch.
 *
 * Units    as `readColumns`; memory holds two batches.
 * Fails    ArrowError, as `readColumns` and `writeColumns`; the file is then absent.
 */
export const convertColumns = <A, const Name extends string>(
  options: ConvertOptions<A, Name>
): Effect.Effect<Converted<Name>, ArrowError, FileSystem.FileSystem> => {
  const { from, to, schema, rules, metadata = {} } = options
  const settings = { ...batchDefaults, ...options, arrowSchema: schemaOf(schema, metadata) }
  const regionBytes = settings.batchBytes + 4 * chunkSize
  const memory = turns * textsIn(settings.arrowSchema.fields) * regionBytes
  if (from.endsWith(".gz") || memory > largestMemory) return convertBatches(options)
  return Effect.suspend(() => {
    const filter = new RowFilter(rules)
    const open = rowScannerOf(from, schema, { ...settings, regionBytes, turns, filter })
    if (open === undefined) return convertBatches(options)
    return writeAtomically(
      to,
      Effect.fnUntraced(function* (append) {
        const { scanner, rows } = yield* Effect.acquireRelease(Effect.sync(open), ({ scanner: { kernel } }) =>
          Effect.sync(() => closeKernel(kernel))
        )
        const sink = new Sink(append)
        yield* sink.begin(settings.arrowSchema)
        yield* readInto(from, new LineFeed(scanner, rows, chunkSize), sink.take)
        return { ...(yield* sink.end()), dropped: filter.dropped }
      })
    )
  })
}
