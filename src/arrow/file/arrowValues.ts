import { isAscii, isUtf8 } from "node:buffer"
import { type Data, DataType, Vector } from "apache-arrow"
import { arrowOffsets, OffsetsBroken } from "./arrowOffsets.ts"
import type { Values } from "./Table.ts"
import { textFromBytes } from "./textFromBytes.ts"

const texts = (data: Data): Values => {
  const bytes = data.values as Uint8Array // of a column of texts
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const offsets = arrowOffsets(data, all.length)
  const begin = offsets[0] ?? 0
  const used = all.subarray(begin, offsets[data.length] ?? begin)
  const whole = isAscii(used) ? used.toString("latin1") : undefined
  const isGood = whole !== undefined || isUtf8(used)
  const values: Array<unknown> = []
  let start = begin
  for (let i = 0; i < data.length; i++) {
    const next = offsets[i + 1] ?? start
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

/** One value for each row, null where there is none. */
const each = (data: Data, value: (i: number) => unknown): Values =>
  Array.from({ length: data.length }, (_, i) => (data.getValid(i) ? value(i) : null))

const dictionaryValues = (data: Data, dictionary: Vector): Values => {
  const entries = entriesOf(dictionary)
  const places = data.values as Int32Array // of a column of places in a dictionary
  return each(data, (i) => {
    const place = Number(places[i] ?? -1) // places of 64 bits are bigints
    if (place < 0 || place >= entries.length) throw new OffsetsBroken(i)
    return entries[place]
  })
}

const childOf = (data: Data, at: number): Data => {
  const child = data.children[at]
  if (child === undefined) throw new Error(`no column ${at} within it`)
  return child
}

/** Lists, whose elements are always arrays: a view of bytes would be taken for bytes. */
const lists = (data: Data): Values => {
  const child = childOf(data, 0)
  const elements = arrowValues(child)
  const offsets = arrowOffsets(data, child.length)
  return each(data, (i) => Array.from(elements.slice(offsets[i], offsets[i + 1])))
}

const listsOfOneSize = (data: Data, size: number): Values => {
  const child = childOf(data, 0)
  if (child.length < data.length * size) throw new OffsetsBroken(Math.floor(child.length / size))
  const elements = arrowValues(child)
  return each(data, (i) => Array.from(elements.slice(i * size, (i + 1) * size)))
}

const structs = (data: Data): Values => {
  const columns = data.children.map((child, at): readonly [string, Values] => {
    if (child.length < data.length) throw new OffsetsBroken(child.length)
    return [String(data.type.children[at]?.name), arrowValues(child)]
  })
  return each(data, (i) => Object.fromEntries(columns.map(([name, values]) => [name, values[i]])))
}

const maps = (data: Data): Values => {
  const entries = childOf(data, 0)
  const [keys, values] = [arrowValues(childOf(entries, 0)), arrowValues(childOf(entries, 1))]
  const offsets = arrowOffsets(data, Math.min(entries.length, keys.length, values.length))
  return each(data, (i) => {
    const places = Array.from({ length: (offsets[i + 1] ?? 0) - (offsets[i] ?? 0) }, (_, k) => (offsets[i] ?? 0) + k)
    return Object.fromEntries(places.map((place) => [String(keys[place]), values[place]]))
  })
}

/**
 * The values of a column of a record batch: a view of its numbers where none is absent, texts cut from one string where
 * they are ASCII, arrays for lists, objects for structs and maps, else what Arrow gives for each row.
 *
 * Fails    a thrown error where offsets lie outside of the column
 */
export const arrowValues = (data: Data): Values => {
  const { type, dictionary } = data
  if (dictionary !== undefined) return dictionaryValues(data, dictionary)
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return texts(data)
  if (DataType.isList(type) || DataType.isLargeList(type)) return lists(data)
  if (DataType.isFixedSizeList(type)) return listsOfOneSize(data, type.listSize)
  if (DataType.isStruct(type)) return structs(data)
  if (DataType.isMap(type)) return maps(data)
  if (isNumeric(type) && data.nullCount === 0) return (data.values as Float64Array).subarray(0, data.length) // numbers
  const vector = new Vector([data])
  return Array.from({ length: data.length }, (_, i): unknown => vector.get(i))
}
