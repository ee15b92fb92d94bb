import { DataType, type Field, type Schema } from "apache-arrow"
import { decodeLine } from "../decodeLine.ts"
import type { RecordSchema } from "../RecordSchema.ts"
import type { RowFilter } from "./RowFilter.ts"
import { RowScanner } from "./RowScanner.ts"
import { Scanner } from "./Scanner.ts"
import { writerOf } from "./writerOf.ts"

/** How many rows a batch has at most, and how many bytes of lines. */
export interface BatchOptions {
  readonly batchSize?: number
  readonly batchBytes?: number
}

/** Bytes that are read at once; the columns of as much lie in the scanner's memory. */
export const chunkSize = 1 << 20
export const batchDefaults = { batchSize: 4096, batchBytes: 1 << 24 }

/** The columns of text, those inside lists and structs too. */
export const textsIn = (fields: ReadonlyArray<Field>): number =>
  fields.reduce((sum, { type }) => sum + (DataType.isUtf8(type) ? 1 : textsIn(type.children ?? [])), 0)

/** How lines become columns. */
export interface RowScannerSettings extends Required<BatchOptions> {
  readonly arrowSchema: Schema
  /** Room for each column of text in the scanner's memory, where it is more than the lines of a block. */
  readonly regionBytes?: number
  /** How many areas and regions are used in turn. */
  readonly turns?: number
  readonly filter?: RowFilter<string>
}

/** What makes a reader of lines over memory of its own; nothing where rows must be decoded one by one. */
export const rowScannerOf = <A>(path: string, schema: RecordSchema<A>, settings: RowScannerSettings) => {
  const maker = writerOf(schema)
  if (maker === undefined) return undefined
  const { arrowSchema, regionBytes = 2 * chunkSize, turns = 1 } = settings
  return () => {
    const scanner = new Scanner({ capacity: 2 * chunkSize, texts: textsIn(arrowSchema.fields), regionBytes, turns })
    const decode = decodeLine(path, schema)
    const rows = new RowScanner({ ...settings, scanner, root: maker(scanner), schema: arrowSchema, decode })
    return { scanner, rows }
  }
}
