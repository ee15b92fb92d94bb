import { Bool, type Data, DataType, Float64, Int64, type List, makeData, RecordBatch, type Struct } from "apache-arrow"
import { packBits } from "./writers/packBits.ts"

/** Rows from `start` to `stop`. */
interface Run {
  readonly start: number
  readonly stop: number
}

/** Numbers in order as runs of neighbours. */
const runsOf = (rows: ReadonlyArray<number>): ReadonlyArray<Run> => {
  const runs: Array<Run> = []
  for (let i = 0; i < rows.length;) {
    const start = rows[i] ?? 0
    let stop = start + 1
    while (rows[++i] === stop) stop++
    runs.push({ start, stop })
  }
  return runs
}

const countOf = (runs: ReadonlyArray<Run>): number => runs.reduce((sum, { start, stop }) => sum + stop - start, 0)

/** Which of the taken rows are set, of a bit for each row. */
const takeBits = (bits: Uint8Array, runs: ReadonlyArray<Run>): Uint8Array => {
  const rows = runs.flatMap(({ start, stop }) => Array.from({ length: stop - start }, (_, i) => start + i))
  return packBits(rows.length, (i) => (((bits[(rows[i] ?? 0) >> 3] ?? 0) >> ((rows[i] ?? 0) & 7)) & 1) === 1)
}

/** What lies behind the offsets of the taken rows, as runs of it, and the new offsets. */
const takeOffsets = (offsets: Int32Array, runs: ReadonlyArray<Run>) => {
  const valueOffsets = new Int32Array(countOf(runs) + 1)
  let count = 0
  const inner = runs.map(({ start, stop }) => {
    const shift = (valueOffsets[count] ?? 0) - (offsets[start] ?? 0)
    for (let i = start; i < stop; i++) valueOffsets[++count] = (offsets[i + 1] ?? 0) + shift
    return { start: offsets[start] ?? 0, stop: offsets[stop] ?? 0 }
  })
  return { valueOffsets, inner }
}

const takeBytes = (bytes: Uint8Array, runs: ReadonlyArray<Run>): Uint8Array => {
  const taken = Buffer.allocUnsafeSlow(countOf(runs))
  let end = 0
  for (const { start, stop } of runs) {
    taken.set(bytes.subarray(start, stop), end)
    end += stop - start
  }
  return taken
}

const bytesOf = ({ values }: Data): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** The taken rows of a column of eight bytes each. */
const takeWords = (data: Data, runs: ReadonlyArray<Run>) => {
  const { buffer } = takeBytes(
    bytesOf(data),
    runs.map(({ start, stop }) => ({ start: 8 * start, stop: 8 * stop }))
  )
  return DataType.isInt(data.type) ? new BigInt64Array(buffer) : new Float64Array(buffer)
}

const takeColumn = (data: Data, runs: ReadonlyArray<Run>): Data => {
  const { type } = data
  const nullBitmap = data.nullCount === 0 ? undefined : takeBits(data.nullBitmap, runs)
  const common = { length: countOf(runs), ...(nullBitmap === undefined ? { nullCount: 0 } : { nullBitmap }) }
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
