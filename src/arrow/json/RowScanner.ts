import { isUtf8 } from "node:buffer"
import { type Data, RecordBatch, type Schema, type Struct } from "apache-arrow"
import { Result } from "effect"
import type { decodeLine } from "../decodeLine.ts"
import type { ArrowError } from "../errors.ts"
import { isBlank } from "../isBlank.ts"
import type { Block } from "./blocks.ts"
import type { Scanner } from "./Scanner.ts"
import type { ColumnWriter } from "./writers/ColumnWriter.ts"

const newline = 0x0a
const brace = 0x7b
const carriageReturn = 0x0d

/** How rows become record batches. */
export interface RowScannerOptions {
  readonly scanner: Scanner
  readonly root: ColumnWriter
  readonly schema: Schema
  /** What reads a line that the writers cannot take. */
  readonly decode: ReturnType<typeof decodeLine<unknown>>
  readonly batchSize: number
  readonly batchBytes: number
}

/** Reads lines into columns, and gives them as record batches. */
export class RowScanner {
  readonly #options: RowScannerOptions
  /** Lines so far. */
  #lines = 0
  #bytes = 0

  constructor(options: RowScannerOptions) {
    this.#options = options
  }

  /** The batches that these lines complete; the first error is the last of them. */
  read(block: Block): ReadonlyArray<Result.Result<RecordBatch, ArrowError>> {
    const { scanner, root, batchBytes } = this.#options
    const batches: Array<Result.Result<RecordBatch, ArrowError>> = []
    const bytes = block.reduce((sum, piece) => sum + piece.length, 0)
    const problem = bytes > scanner.capacity ? this.#readLong(block, batches) : this.#readLines(block, batches)
    root.flush(scanner)
    this.#bytes += bytes
    if (problem !== undefined) batches.push(Result.fail(problem))
    else if (this.#bytes >= batchBytes) batches.push(...this.end())
    return batches
  }

  /** The rows that no batch has yet. */
  end(): ReadonlyArray<Result.Result<RecordBatch, ArrowError>> {
    const { scanner, root, schema } = this.#options
    this.#bytes = 0
    if (root.length === 0) return []
    root.flush(scanner)
    return [Result.succeed(new RecordBatch(schema, root.finish() as Data<Struct>))] // the root writes structs
  }

  #readLong(block: Block, batches: Array<Result.Result<RecordBatch, ArrowError>>): ArrowError | undefined {
    const line = Buffer.concat(block)
    this.#lines++
    const problem = this.#decode(line.at(-1) === newline ? line.subarray(0, -1) : line)
    this.#complete(batches)
    return problem
  }

  #readLines(block: Block, batches: Array<Result.Result<RecordBatch, ArrowError>>): ArrowError | undefined {
    const { scanner } = this.#options
    const end = scanner.load(block)
    const wellFormed = isUtf8(scanner.bytes.subarray(scanner.start, end))
    while (scanner.at < end) {
      this.#lines++
      const problem = wellFormed && this.#scan(end) ? undefined : this.#decodeNext(end)
      if (problem !== undefined) return problem
      this.#complete(batches)
    }
    return undefined
  }

  #complete(batches: Array<Result.Result<RecordBatch, ArrowError>>): void {
    if (this.#options.root.length >= this.#options.batchSize) batches.push(...this.end())
  }

  /** Takes the line at the scanner into the columns; where it does not fit, all is as before. */
  #scan(end: number): boolean {
    const { scanner, root } = this.#options
    const start = scanner.at
    if (scanner.bytes[start] !== brace) return false
    root.mark()
    if (root.scan(scanner)) {
      scanner.skipSpace()
      if (scanner.at === end) return true
      if (scanner.bytes[scanner.at++] === newline) return true
    }
    root.reset()
    scanner.at = start
    return false
  }

  #decodeNext(end: number): ArrowError | undefined {
    const { scanner, root } = this.#options
    const found = scanner.bytes.indexOf(newline, scanner.at)
    const stop = found < 0 || found > end ? end : found
    const line = scanner.bytes.subarray(scanner.at, stop)
    scanner.at = stop + 1
    root.flush(scanner)
    return this.#decode(line)
  }

  #decode(line: Uint8Array): ArrowError | undefined {
    const bytes = line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
    if (isBlank(bytes)) return undefined
    const row = this.#options.decode({ number: this.#lines, bytes })
    if (Result.isFailure(row)) return row.failure
    this.#options.root.append(row.success)
    return undefined
  }
}
