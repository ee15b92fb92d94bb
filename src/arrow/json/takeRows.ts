import { Bool, type Data, DataType, Float64, Int64, type List, makeData, RecordBatch, type Struct } from "apache-arrow"
import { type RowRuns, runsOf } from "./RowRuns.ts"
import { packBits } from "./writers/packBits.ts"

/** What is at these places, one after the other. */
const takeBytes = (bytes: Uint8Array<ArrayBuffer>, { bounds, count }: RowRuns): Uint8Array<ArrayBuffer> => {
  const taken = Buffer.allocUnsafeSlow(count)
  let end = 0
  for (let i = 0; i < bounds.length; i += 2) {
    const start = bounds[i] ?? 0
    const stop = bounds[i + 1] ?? 0
    taken.set(bytes.subarray(start, stop), end)
    end += stop - start
  }
  return taken
}

/** Which of the taken rows are set, of a bit for each row. */
const takeBits = (bits: Uint8Array, { bounds, count }: RowRuns): Uint8Array => {
  const rows = new Int32Array(count)
  let taken = 0
  for (let i = 0; i < bounds.length; i += 2)
    for (let row = bounds[i] ?? 0; row < (bounds[i + 1] ?? 0); row++) rows[taken++] = row
  return packBits(count, (i) => (((bits[(rows[i] ?? 0) >> 3] ?? 0) >> ((rows[i] ?? 0) & 7)) & 1) === 1)
}

/** What lies behind the offsets of the taken rows, as runs of it, and the new offsets. */
const takeOffsets = (offsets: Int32Array, { bounds, count }: RowRuns) => {
  const valueOffsets = new Int32Array(count + 1)
  let taken = 0
  for (let i = 0; i < bounds.length; i += 2) {
    const start = bounds[i] ?? 0
    const stop = bounds[i + 1] ?? 0
    const shift = (valueOffsets[taken] ?? 0) - (offsets[start] ?? 0)
    for (let row = start; row < stop; row++) valueOffsets[++taken] = (offsets[row + 1] ?? 0) + shift
  }
  return { valueOffsets, inner: { bounds: bounds.map((row) => offsets[row] ?? 0), count: valueOffsets[taken] ?? 0 } }
}

/** The taken rows of a column of eight bytes each. */
const takeWords = ({ type, values }: Data, { bounds, count }: RowRuns) => {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const { buffer, byteOffset } = takeBytes(bytes, { bounds: bounds.map((row) => 8 * row), count: 8 * count })
  return DataType.isInt(type)
    ? new BigInt64Array(buffer, byteOffset, count)
    : new Float64Array(buffer, byteOffset, count)
}

const takeColumn = (data: Data, runs: RowRuns): Data => {
  const { type } = data
  const nullBitmap = data.nullCount === 0 ? undefined : takeBits(data.nullBitmap, runs)
  const common = { length: runs.count, ...(nullBitmap === undefined ? { nullCount: 0 } : { nullBitmap }) }
  if (DataType.isUtf8(type)) {
    const { valueOffsets, inner } = takeOffsets(data.valueOffsets, runs)
    return makeData({ type, ...common, valueOffsets, data: takeBytes(data.values, inner) })
  }
  if (DataType.isList(type)) {
    const { valueOffsets, inner } = takeOffsets(data.valueOffsets, runs)
    const [child] = data.children.map((each) => takeColumn(each, inner))
    if (child !== undefined) return makeData({ type: type as List<typeof child.type>, ...common, valueOffsets, child }) // of that child
  }
  if (DataType.isStruct(type))
    return makeData({ type, ...common, children: data.children.map((child) => takeColumn(child, runs)) })
  if (DataType.isBool(type)) return makeData({ type: new Bool(), ...common, data: takeBits(data.values, runs) })
  const words = takeWords(data, runs)
  return words instanceof BigInt64Array
    ? makeData({ type: new Int64(), ...common, data: words })
    : makeData({ type: new Float64(), ...common, data: words })
}

/**
 * The rows of these numbers, in order, as a batch of its own; columns are those that `schemaOf` makes.
 *
 * Domain   numbers rise.
 */
export const takeRows = (batch: RecordBatch, rows: ReadonlyArray<number>): RecordBatch =>
  rows.length === batch.numRows
    ? batch
    : new RecordBatch(batch.schema, takeColumn(batch.data, runsOf(rows)) as Data<Struct>) // as batch.data is
