import type { FlatTable } from "./FlatTable.ts"
import { MessageBroken } from "./MessageBroken.ts"

/**
 * A column as the schema of a file tells it. Units: `bits` of one value in each buffer behind the one that tells which values
 * are present; "offsets" and "wide offsets" are one more than there are values, of 32 and 64 bits.
 */
export interface IpcField {
  readonly name: string
  readonly type: number
  readonly words: string
  readonly hasValidity: boolean
  readonly buffers: ReadonlyArray<number | "offsets" | "wide offsets" | "bytes">
  readonly hasViews: boolean
  readonly children: ReadonlyArray<IpcField>
  /** The number of its dictionary, and the column that its entries would be. */
  readonly dictionary: { readonly id: number; readonly entries: IpcField } | undefined
}

type Buffers = Pick<IpcField, "buffers"> & { readonly words?: string; readonly hasValidity?: boolean }

const widths = new Set([8, 16, 32, 64])

const int = (type: FlatTable): Buffers => {
  const bits = type.int(0)
  if (!widths.has(bits)) throw new MessageBroken(`an integer of ${bits} bits`)
  return { buffers: [bits], words: `${type.byte(1)}` }
}

const oneOf = (value: number, bits: ReadonlyArray<number>): Buffers => {
  const width = bits[value]
  if (width === undefined) throw new MessageBroken(`the unit ${value} of a type`)
  return { buffers: [width], words: `${value}` }
}

const union = (type: FlatTable): Buffers => ({
  buffers: type.short(0) === 1 ? [8, 32] : [8],
  words: `${type.short(0)} ${type.structs(1, 4).count}`,
  hasValidity: false
})

const fixed = (type: FlatTable, bits: number): Buffers => {
  const size = type.int(0)
  if (size < 0) throw new MessageBroken(`a size of ${size}`)
  return { buffers: bits === 0 ? [] : [bits * size], words: `${size}` }
}

/** The buffers of each type, by its number in the format. */
const kinds: Readonly<Record<number, (type: FlatTable) => Buffers>> = {
  1: () => ({ buffers: [], hasValidity: false }), // null
  2: int,
  3: (type) => oneOf(type.short(0), [16, 32, 64]), // floating point
  4: () => ({ buffers: ["offsets", "bytes"] }), // binary
  5: () => ({ buffers: ["offsets", "bytes"] }), // text
  6: () => ({ buffers: [1] }), // boolean
  7: (type) => ({ buffers: [type.int(2) || 128], words: `${type.int(0)} ${type.int(1)}` }), // decimal
  8: (type) => oneOf(type.short(0), [32, 64]), // date
  9: (type) => ({ buffers: [type.int(1) || 32], words: `${type.short(0)}` }), // time
  10: (type) => ({ buffers: [64], words: `${type.short(0)} ${type.text(1)}` }), // timestamp
  11: (type) => oneOf(type.short(0), [32, 64, 128]), // interval
  12: () => ({ buffers: ["offsets"] }), // list
  13: () => ({ buffers: [] }), // struct
  14: union,
  15: (type) => fixed(type, 8), // bytes of a fixed size
  16: (type) => fixed(type, 0), // list of a fixed size
  17: () => ({ buffers: ["offsets"] }), // map
  18: (type) => ({ buffers: [64], words: `${type.short(0)}` }), // duration
  19: () => ({ buffers: ["wide offsets", "bytes"] }), // large binary
  20: () => ({ buffers: ["wide offsets", "bytes"] }), // large text
  21: () => ({ buffers: ["wide offsets"] }), // large list
  23: () => ({ buffers: [128] }), // binary by views
  24: () => ({ buffers: [128] }) // text by views
}
const viewTypes = new Set([23, 24])
/** How many children a type has, where it has no choice. */
const childCounts: Readonly<Record<number, number>> = { 12: 1, 16: 1, 17: 1, 21: 1 }

const dictionaryOf = (encoding: FlatTable, entries: IpcField): IpcField => {
  const index = encoding.table(1)
  const { buffers, words = "" } = index === undefined ? { buffers: [32] } : int(index)
  const id = encoding.long(0)
  return { ...entries, words, hasValidity: true, buffers, hasViews: false, children: [], dictionary: { id, entries } }
}

class Fields {
  /** How many more columns there is room for. */
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  of(tables: ReadonlyArray<FlatTable>): ReadonlyArray<IpcField> {
    this.#left -= tables.length
    if (this.#left < 0) throw new MessageBroken("more columns than its bytes have room for")
    return tables.map((table) => this.#field(table))
  }

  #field(table: FlatTable): IpcField {
    const name = table.text(0)
    const type = table.byte(2)
    const told = table.table(3)
    const kind = kinds[type]
    if (kind === undefined || told === undefined) throw new MessageBroken(`the type ${type} of column "${name}"`)
    const children = this.of(table.tables(5))
    if ((childCounts[type] ?? children.length) !== children.length || (type < 12 && children.length > 0))
      throw new MessageBroken(`${children.length} columns within column "${name}"`)
    for (const pair of table.tables(6)) void [pair.text(0), pair.text(1)]
    const field = { words: "", hasValidity: true, ...kind(told), name, type, children, hasViews: viewTypes.has(type) }
    const encoding = table.table(4)
    const plain = { ...field, words: `${table.byte(1)} ${field.words}`, dictionary: undefined }
    return encoding === undefined ? plain : dictionaryOf(encoding, plain)
  }
}

/**
 * The columns that a schema in Arrow IPC names. Units: `bytes` of the metadata it lies in.
 *
 * Fails    MessageBroken and RangeError, thrown
 */
export const fieldsOf = (schema: FlatTable, bytes: number): ReadonlyArray<IpcField> => {
  if (schema.short(0) !== 0) throw new MessageBroken("numbers whose largest byte comes first")
  for (const pair of schema.tables(2)) void [pair.text(0), pair.text(1)]
  const columns = schema.tables(1)
  if (!columns.every((column) => column.has(0))) throw new MessageBroken("a column without a name") // elements of lists may have none
  return new Fields(bytes).of(columns)
}
