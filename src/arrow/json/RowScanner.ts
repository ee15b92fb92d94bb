import { isUtf8 } from "node:buffer"
import { type Data, RecordBatch, type Schema, type Struct } from "apache-arrow"
import { Result } from "effect"
import type { decodeLine } from "../decodeLine.ts"
import type { ArrowError } from "../errors.ts"
import { isBlank } from "../isBlank.ts"
import type { Block } from "./blocks.ts"
import type { RowFilter } from "./RowFilter.ts"
import type { Scanner } from "./Scanner.ts"
import type { ColumnWriter } from "./writers/ColumnWriter.ts"
import { settleEvery } from "./writers/Validity.ts"

const newline = 0x0a
const brace = 0x7b
const carriageReturn = 0x0d

/** Batches, or the error that ends them. */
export type Batches = Generator<Result.Result<RecordBatch, ArrowError>, void>

/** How rows become record batches. */
export interface RowScannerOptions {
  readonly scanner: Scanner
  readonly root: ColumnWriter
  readonly schema: Schema
  /** What reads a line that the writers cannot take. */
  readonly decode: ReturnType<typeof decodeLine<unknown>>
  readonly batchSize: number
  readonly batchBytes: number
  /** Which rows are kept; the others are taken back as soon as they are read. */
  readonly filter?: RowFilter<string>
}

/** Reads lines into columns, and gives them as record batches. */
export class RowScanner {
  readonly #options: RowScannerOptions
  /** Lines so far. */
  #lines = 0
  /** Rows since the last batch ended, those that were taken back too. */
  #rows = 0
  #bytes = 0
  /** The scanner's layout when the filter last looked at the columns. */
  #layout = -1
  readonly #readRow: ((at: number, tape: number) => number) | undefined

  constructor(options: RowScannerOptions) {
    this.#options = options
    this.#readRow = options.scanner.kernel.rowReader(options.root.shape)
  }

  /** The batches that these lines complete, each made when it is asked for; the first error is the last of them. */
  *read(block: Block): Batches {
    const { scanner } = this.#options
    const bytes = block.reduce((sum, piece) => sum + piece.length, 0)
    if (bytes <= scanner.capacity) return yield* this.readLoaded(scanner.start, scanner.load(block))
    this.#lines++
    const line = Buffer.concat(block)
    const problem = this.#decode(line.at(-1) === newline ? line.subarray(0, -1) : line)
    if (problem !== undefined) return yield Result.fail(problem)
    yield* this.#complete(bytes)
  }

  /** As `read`, where the lines lie in the scanner's memory between two addresses. */
  *readLoaded(start: number, end: number): Batches {
    const { scanner } = this.#options
    scanner.begin(start, end)
    const wellFormed = isUtf8(scanner.bytes.subarray(start, end))
    while (scanner.at < end) {
      const problem = this.#fill(end, wellFormed)
      if (problem !== undefined) return yield Result.fail(problem)
      yield* this.#complete(scanner.at < end ? 0 : end - start)
    }
  }

  /** The rows that no batch has yet. */
  *end(): Batches {
    const { root, schema } = this.#options
    this.#bytes = 0
    this.#rows = 0
    if (root.length === 0) return
    root.flush()
    yield Result.succeed(new RecordBatch(schema, root.finish() as Data<Struct>)) // the root writes structs
  }

  /** The batch that is full, after so many more bytes of lines. */
  *#complete(bytes: number): Batches {
    const { root, batchSize, batchBytes } = this.#options
    if (this.#rows >= batchSize) yield* this.end()
    if (bytes === 0) return
    root.flush()
    this.#bytes += bytes
    if (this.#bytes >= batchBytes) yield* this.end()
  }

  /** Takes lines until a batch is full. */
  #fill(end: number, wellFormed: boolean): ArrowError | undefined {
    const { scanner, batchSize } = this.#options
    while (scanner.at < end && this.#rows < batchSize) {
      this.#lines++
      const problem = wellFormed && this.#scan(end) ? undefined : this.#decodeNext(end)
      if (problem !== undefined) return problem
    }
    return undefined
  }

  /** Takes the line at the scanner into the columns; where it does not fit, all is as before. */
  #scan(end: number): boolean {
    const { scanner, root } = this.#options
    const start = scanner.at
    if (scanner.bytes[start] !== brace) return false
    const { length } = root
    if (this.#read() || root.scan(scanner)) {
      scanner.skipSpace()
      if (scanner.at === end || scanner.bytes[scanner.at++] === newline) {
        this.#keep()
        return true
      }
    }
    root.reset(length)
    scanner.at = start
    return false
  }

  /** Has the kernel read the row at the scanner; false where it cannot. */
  #read(): boolean {
    const { scanner, root } = this.#options
    const { length } = root
    if (this.#readRow === undefined) return false
    const behind = this.#readRow(scanner.at, scanner.tape.start)
    if (behind > 0) {
      scanner.tape.rewind()
      if (root.replay(scanner.tape)) {
        scanner.at = behind
        return true
      }
    }
    root.reset(length)
    return false
  }

  #decodeNext(end: number): ArrowError | undefined {
    const { scanner } = this.#options
    const found = scanner.bytes.indexOf(newline, scanner.at)
    const stop = found < 0 || found > end ? end : found
    const line = scanner.bytes.subarray(scanner.at, stop)
    scanner.at = stop + 1
    return this.#decode(line)
  }

  #decode(line: Uint8Array): ArrowError | undefined {
    const bytes = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
    if (isBlank(bytes)) return undefined
    const row = this.#options.decode({ number: this.#lines, bytes })
    if (Result.isFailure(row)) return row.failure
    this.#options.root.append(row.success)
    this.#keep()
    return undefined
  }

  /** Counts the row that was read last, and takes it back if it is not wanted. */
  #keep(): void {
    const { scanner, root, schema, filter } = this.#options
    this.#rows++
    if (filter === undefined) return
    if (root.length % settleEvery === 0) root.settle()
    if (this.#layout !== scanner.layout) {
      filter.look(new RecordBatch(schema, root.view() as Data<Struct>)) // the root writes structs
      this.#layout = scanner.layout
    }
    if (!filter.keeps(root.length - 1)) root.reset(root.length - 1)
  }
}
