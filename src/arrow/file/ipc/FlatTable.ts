import { MessageBroken } from "./MessageBroken.ts"

/** Structures of fixed size that lie behind each other. Units: bytes for `at` and `size`. */
export interface FlatStructs {
  readonly view: DataView
  readonly at: number
  readonly count: number
}

/** Tables in each other that are followed. */
const deepest = 64

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/**
 * A table of FlatBuffers whose fields are asked for by their number; every read lies within `view`, and reading all of them
 * takes no more time and memory than it has bytes.
 *
 * Fails    MessageBroken and RangeError, thrown, where an offset leads out of it
 */
export class FlatTable {
  readonly #view: DataView
  readonly at: number
  readonly #depth: number

  constructor(view: DataView, at: number, depth = 0) {
    if (depth > deepest) throw new MessageBroken(`more than ${deepest} tables in each other`)
    this.#view = view
    this.at = at
    this.#depth = depth
    const size = view.getUint16(this.#fields, true)
    void view.getUint8(this.#fields + Math.max(size, 4) - 1)
  }

  /** The table that lies at the root of `bytes`. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return new FlatTable(view, view.getUint32(0, true))
  }

  get #fields(): number {
    return this.at - this.#view.getInt32(this.at, true)
  }

  /** Where a field lies; undefined where it is left out. */
  #place(field: number): number | undefined {
    const slot = 4 + 2 * field
    if (slot >= this.#view.getUint16(this.#fields, true)) return undefined
    const offset = this.#view.getUint16(this.#fields + slot, true)
    return offset === 0 ? undefined : this.at + offset
  }

  has(field: number): boolean {
    return this.#place(field) !== undefined
  }

  byte(field: number): number {
    const at = this.#place(field)
    return at === undefined ? 0 : this.#view.getUint8(at)
  }

  short(field: number): number {
    const at = this.#place(field)
    return at === undefined ? 0 : this.#view.getInt16(at, true)
  }

  int(field: number): number {
    const at = this.#place(field)
    return at === undefined ? 0 : this.#view.getInt32(at, true)
  }

  long(field: number): number {
    const at = this.#place(field)
    return at === undefined ? 0 : Number(this.#view.getBigInt64(at, true))
  }

  #target(field: number): number | undefined {
    const at = this.#place(field)
    return at === undefined ? undefined : at + this.#view.getUint32(at, true)
  }

  table(field: number): FlatTable | undefined {
    const at = this.#target(field)
    return at === undefined ? undefined : new FlatTable(this.#view, at, this.#depth + 1)
  }

  /** Elements of a known size that lie behind each other. Units: `size` in bytes. */
  structs(field: number, size: number): FlatStructs {
    const at = this.#target(field)
    if (at === undefined) return { view: this.#view, at: 0, count: 0 }
    const count = this.#view.getUint32(at, true)
    if (count * size > this.#view.byteLength - at - 4) throw new MessageBroken(`a list of ${count} at byte ${at}`)
    return { view: this.#view, at: at + 4, count }
  }

  tables(field: number): ReadonlyArray<FlatTable> {
    const { view, at, count } = this.structs(field, 4)
    return Array.from({ length: count }, (_, i) => {
      const place = at + 4 * i
      return new FlatTable(view, place + view.getUint32(place, true), this.#depth + 1)
    })
  }

  text(field: number): string {
    const { view, at, count } = this.structs(field, 1)
    return strict.decode(new Uint8Array(view.buffer, view.byteOffset + at, count))
  }
}
