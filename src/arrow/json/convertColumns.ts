import { Effect, FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import { FileBytes } from "../FileBytes.ts"
import { fileProblem } from "../fileProblem.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import { type Append, writeAtomically } from "../writeAtomically.ts"
import type { Written } from "../Written.ts"
import { addDropped, chooseRows, type Dropped } from "./chooseRows.ts"
import { keepRows } from "./keepRows.ts"
import { LineFeed } from "./LineFeed.ts"
import { readColumns } from "./readColumns.ts"
import type { Batches } from "./RowScanner.ts"
import { batchDefaults, type BatchOptions, chunkSize, rowScannerOf, textsIn } from "./rowScannerOf.ts"
import type { RowRule } from "./rules/RowRule.ts"
import { compactRows } from "./takeRows.ts"
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

/** The same by batches, each in memory of its own. */
const convertBatches = <A, Name extends string>(options: ConvertOptions<A, Name>) =>
  Effect.gen(function* () {
    const { from, to, schema, metadata } = options
    const keep = keepRows(options.rules)
    let dropped = noneDropped(options.rules)
    const kept = Stream.map(readColumns(from, schema, options), (batch) => {
      const found = keep(batch)
      dropped = addDropped(dropped, found.dropped)
      return found.batch
    })
    const written = yield* writeColumns(to, schema, metadata)(kept)
    return { ...written, dropped }
  })

const noneDropped = <Name extends string>(rules: Readonly<Record<Name, RowRule>>): Dropped<Name> =>
  Object.fromEntries(Object.keys(rules).map((name) => [name, 0])) as Dropped<Name> // the names of the rules

/** Reads a file into the room of a feed, and gives the batches of each piece to `use` before the next is read. */
const readInto = Effect.fnUntraced(function* <E, R>(
  path: string,
  feed: LineFeed,
  use: (batches: Batches) => Effect.Effect<void, E, R>
) {
  const problem = fileProblem("read", path)
  const file = yield* Effect.mapError((yield* FileSystem.FileSystem).open(path), problem)
  for (;;) {
    const count = Number(yield* Effect.mapError(file.read(feed.room), problem))
    if (count === 0) return yield* use(feed.end())
    yield* use(feed.take(count))
  }
})

/** Keeps, counts and writes the rows of batches, which may lie where the next batch will. */
class Sink<Name extends string> {
  readonly #choose: ReturnType<typeof chooseRows<Name>>
  readonly #append: Append
  readonly file = new FileBytes()
  #converted: Converted<Name>

  constructor(rules: Readonly<Record<Name, RowRule>>, append: Append) {
    this.#choose = chooseRows(rules)
    this.#append = append
    this.#converted = { rows: 0, batches: 0, dropped: noneDropped(rules) }
  }

  get converted(): Converted<Name> {
    return this.#converted
  }

  readonly take = Effect.fnUntraced({ self: this as Sink<Name> }, function* (batches: Batches) {
    for (const batch of batches) {
      const recordBatch = yield* Effect.fromResult(batch)
      const { rows, dropped } = this.#choose(recordBatch)
      const before = this.#converted
      this.#converted = {
        rows: before.rows + rows.length,
        batches: before.batches + (rows.length > 0 ? 1 : 0),
        dropped: addDropped(before.dropped, dropped)
      }
      if (rows.length === 0) continue
      for (const piece of this.file.pieces(compactRows(recordBatch, rows))) yield* this.#append(piece)
    }
  })
}

/**
 * Writes the rows of a file of JSON lines that fit the rules as an Arrow IPC file: what `readColumns`, `keepRows` and
 * `writeColumns` do one after the other, byte for byte, but in one memory, which each batch uses again. A rule must not
 * hold on to a batch.
 *
 * Units    as `readColumns`; memory holds a batch.
 * Fails    ArrowError, as `readColumns` and `writeColumns`; the file is then absent.
 */
export const convertColumns = <A, const Name extends string>(
  options: ConvertOptions<A, Name>
): Effect.Effect<Converted<Name>, ArrowError, FileSystem.FileSystem> => {
  const { from, to, schema, rules, metadata = {} } = options
  const settings = { ...batchDefaults, ...options, arrowSchema: schemaOf(schema, metadata) }
  const regionBytes = settings.batchBytes + 4 * chunkSize
  const open = rowScannerOf(from, schema, { ...settings, regionBytes })
  const memory = textsIn(settings.arrowSchema.fields) * regionBytes
  if (open === undefined || from.endsWith(".gz") || memory > largestMemory) return convertBatches(options)
  return writeAtomically(
    to,
    Effect.fnUntraced(function* (append) {
      const { scanner, rows } = open()
      const sink = new Sink(rules, append)
      yield* append(sink.file.begin(settings.arrowSchema))
      yield* readInto(from, new LineFeed(scanner, rows, chunkSize), sink.take)
      yield* append(sink.file.end())
      return sink.converted
    })
  )
}
