import { zstdDecompressSync } from "node:zlib"
import type { FlatStructs, FlatTable } from "./FlatTable.ts"
import type { IpcField } from "./fieldsOf.ts"
import { MessageBroken, PackedByLz4 } from "./MessageBroken.ts"

/** Rows of one batch that fit into memory here. */
const mostRows = 2 ** 26
/** A node and a buffer of a batch are two integers of 64 bits. */
const pairBytes = 16
/** The number of structs in the format, whose columns are as long as they are. */
const structType = 13

/** The uncompressed length that stands before a packed buffer; −1 where it is not packed. */
const prefixBytes = 8

interface Pair {
  readonly first: number
  readonly second: number
}

const pairAt = ({ view, at, count }: FlatStructs, i: number): Pair => {
  if (i >= count) throw new MessageBroken(`${count} parts of a batch, wanted more`)
  const place = at + pairBytes * i
  return { first: Number(view.getBigInt64(place, true)), second: Number(view.getBigInt64(place + 8, true)) }
}

const countAbsent = (bitmap: Uint8Array, count: number): number => {
  let present = 0
  for (let i = 0; i < count >> 3; i++) {
    let byte = bitmap[i] ?? 0
    for (; byte !== 0; byte &= byte - 1) present++
  }
  for (let i = count & ~7; i < count; i++) present += ((bitmap[i >> 3] ?? 0) >> (i & 7)) & 1
  return count - present
}

/** Follows the parts of a batch in the order of its columns. */
class BatchWalk {
  readonly #nodes: FlatStructs
  readonly #buffers: FlatStructs
  readonly #extra: FlatStructs
  readonly #body: Uint8Array
  readonly #isPacked: boolean
  #node = 0
  #buffer = 0
  #viewed = 0

  constructor(batch: FlatTable, body: Uint8Array) {
    this.#nodes = batch.structs(1, pairBytes)
    this.#buffers = batch.structs(2, pairBytes)
    this.#extra = batch.structs(4, 8)
    const compression = batch.table(3)
    if (compression !== undefined && (compression.byte(0) > 1 || compression.byte(1) !== 0))
      throw new MessageBroken(`the codec ${compression.byte(0)}`)
    if (compression?.byte(0) === 0) throw new PackedByLz4()
    this.#isPacked = compression !== undefined
    this.#body = body
  }

  /** The bytes of the next buffer, as they lie there. */
  #next(): Uint8Array {
    const { first: start, second: length } = pairAt(this.#buffers, this.#buffer++)
    if (!(start >= 0) || !(length >= 0) || start + length > this.#body.length)
      throw new MessageBroken(`a buffer of ${length} bytes at byte ${start} of ${this.#body.length}`)
    return this.#body.subarray(start, start + length)
  }

  /** How long a buffer is once it is unpacked. */
  #lengthOf(bytes: Uint8Array): number {
    if (!this.#isPacked || bytes.length === 0) return bytes.length
    const told = Number(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readBigInt64LE())
    if (told < -1) throw new MessageBroken(`a buffer of ${told} unpacked bytes`)
    return told === -1 ? bytes.length - prefixBytes : told
  }

  #need(bytes: Uint8Array, wanted: number): void {
    const length = this.#lengthOf(bytes)
    if (length < wanted) throw new MessageBroken(`a buffer of ${length} bytes, wanted ${wanted}`)
  }

  #bitmap(count: number): Uint8Array {
    const bytes = this.#next()
    const most = Math.ceil(count / 8)
    if (bytes.length === 0) return bytes
    this.#need(bytes, most)
    if (!this.#isPacked) return bytes
    const values = bytes.subarray(prefixBytes)
    const isPlain =
      this.#lengthOf(bytes) === values.length && bytes.subarray(0, prefixBytes).every((byte) => byte === 255)
    return isPlain ? values : zstdDecompressSync(values, { maxOutputLength: this.#lengthOf(bytes) })
  }

  #presence(field: IpcField, count: number, absent: number): void {
    const bitmap = this.#bitmap(count)
    const counted = bitmap.length === 0 ? 0 : countAbsent(bitmap, count)
    if (counted !== absent) throw new MessageBroken(`${absent} absent values in "${field.name}", counted ${counted}`)
  }

  #column(field: IpcField, rows: number | undefined): void {
    const { first: count, second: absent } = pairAt(this.#nodes, this.#node++)
    if (!(count >= 0) || count > mostRows || !(absent >= 0) || absent > count || (rows ?? count) !== count)
      throw new MessageBroken(
        `${count} values, ${absent} of them absent, in "${field.name}"${rows === undefined ? "" : ` of ${rows} rows`}`
      )
    if (field.hasValidity) this.#presence(field, count, absent)
    for (const bits of field.buffers) {
      const bytes = this.#next()
      const offsets = bits === "offsets" ? 4 : 8
      if (typeof bits === "number") this.#need(bytes, Math.ceil((count * bits) / 8))
      else if (bits !== "bytes" && count > 0) this.#need(bytes, (count + 1) * offsets)
    }
    if (field.hasViews) this.#views()
    this.columns(field.children, field.type === structType ? count : undefined)
  }

  #views(): void {
    const { view, at, count } = this.#extra
    if (this.#viewed >= count) throw new MessageBroken("no number of buffers for its views")
    const more = Number(view.getBigInt64(at + 8 * this.#viewed++, true))
    if (!(more >= 0) || more > this.#buffers.count) throw new MessageBroken(`${more} buffers for views`)
    for (let i = 0; i < more; i++) this.#next()
  }

  columns(fields: ReadonlyArray<IpcField>, rows: number | undefined): void {
    for (const field of fields) this.#column(field, rows)
  }

  end(): void {
    if (this.#node !== this.#nodes.count || this.#buffer !== this.#buffers.count)
      throw new MessageBroken(
        `${this.#nodes.count} nodes and ${this.#buffers.count} buffers, wanted ${this.#node} and ${this.#buffer}`
      )
  }
}

/**
 * Sees that a batch has the parts that its columns want, each within its body and long enough for its values, and that as
 * many values are absent as it says.
 *
 * Fails    MessageBroken, PackedByLz4 and RangeError, thrown
 */
export const checkBatch = (batch: FlatTable, fields: ReadonlyArray<IpcField>, body: Uint8Array): void => {
  const rows = batch.long(0)
  if (!(rows >= 0) || rows > mostRows) throw new MessageBroken(`a batch of ${rows} rows, wanted at most ${mostRows}`)
  const walk = new BatchWalk(batch, body)
  walk.columns(fields, rows)
  walk.end()
}
