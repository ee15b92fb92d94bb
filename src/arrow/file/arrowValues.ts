import { isAscii, isUtf8 } from "node:buffer"
import { type Data, DataType, Vector } from "apache-arrow"
import { textFromBytes } from "./textFromBytes.ts"
import type { Values } from "./Table.ts"

/** Offsets that go backwards or beyond the bytes of a column of texts, or places beyond its dictionary. */
class OffsetsBroken extends Error {
  constructor(row: number) {
    super(`row ${row} of its batch lies outside of its column`)
  }
}

const texts = (data: Data): Values => {
  const offsets = data.valueOffsets as Int32Array // of a column of texts
  const bytes = data.values as Uint8Array
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const [begin, end] = [offsets[0] ?? 0, offsets[data.length] ?? 0]
  if (offsets.length <= data.length || begin < 0 || end > all.length) throw new OffsetsBroken(0)
  const used = all.subarray(begin, end)
  const whole = isAscii(used) ? used.toString("latin1") : undefined
  const isGood = whole !== undefined || isUtf8(used)
  const values: Array<unknown> = []
  let start = begin
  for (let i = 0; i < data.length; i++) {
    const next = offsets[i + 1] ?? start
    if (next < start || next > end) throw new OffsetsBroken(i)
    if (!data.getValid(i)) values[i] = null
    else if (whole !== undefined) values[i] = whole.slice(start - begin, next - begin)
    else values[i] = isGood ? all.toString("utf8", start, next) : textFromBytes(all.subarray(start, next))
    start = next
  }
  return values
}

/** Whether its values lie in memory as numbers, one for each row. */
const isNumeric = (type: DataType): boolean => DataType.isInt(type) || (DataType.isFloat(type) && type.precision > 0)

const known = new WeakMap<Vector, Values>()

/** The values that a dictionary holds, which many batches share. */
const entriesOf = (dictionary: Vector): Values => {
  const before = known.get(dictionary)
  if (before !== undefined) return before
  const values = dictionary.data.flatMap((data) => [...arrowValues(data)])
  known.set(dictionary, values)
  return values
}

const dictionaryValues = (data: Data, dictionary: Vector): Values => {
  const entries = entriesOf(dictionary)
  const places = data.values as Int32Array // of a column of places in a dictionary
  return Array.from({ length: data.length }, (_, i): unknown => {
    if (!data.getValid(i)) return null
    const place = places[i] ?? -1
    if (place < 0 || place >= entries.length) throw new OffsetsBroken(i)
    return entries[place]
  })
}

/**
 * The values of a column of a record batch: a view of its numbers where none is absent, texts cut from one string where
 * they are ASCII, else what Arrow gives for each row.
 *
 * Fails    a thrown error where offsets lie outside of the column
 */
export const arrowValues = (data: Data): Values => {
  if (DataType.isUtf8(data.type)) return texts(data)
  if (data.dictionary !== undefined) return dictionaryValues(data, data.dictionary)
  if (isNumeric(data.type) && (data.values as Float64Array).length < data.length) throw new OffsetsBroken(data.length)
  if (isNumeric(data.type) && data.nullCount === 0) return (data.values as Float64Array).subarray(0, data.length) // numbers
  const vector = new Vector([data])
  return Array.from({ length: data.length }, (_, i): unknown => vector.get(i))
}
