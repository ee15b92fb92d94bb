/** Share of the slots that are taken before there are twice as many. */
const fullest = 0.75
/** Words of 32 bits in a hash. */
const words = 4

/**
 * A set of 128-bit hashes in one array of slots.
 *
 * Units    16 bytes for each slot, which is 21 to 43 bytes for each hash; half as much again while it grows.
 */
export class HashSet128 {
  #slots: Int32Array
  #size = 0

  constructor(slots = 1024) {
    this.#slots = new Int32Array(slots * words)
  }

  get size(): number {
    return this.#size
  }

  /** Memory of the slots. Units: bytes. */
  get bytes(): number {
    return this.#slots.byteLength
  }

  /** Puts the hash in; whether it was not there. All zeros stands for an empty slot, and is taken as another hash. */
  add(a: number, b: number, c: number, d: number): boolean {
    const last = (a | b | c | d) === 0 ? 1 : d
    if (!this.#put(a, b, c, last)) return false
    this.#size++
    if (this.#size > (fullest * this.#slots.length) / words) this.#grow()
    return true
  }

  #put(a: number, b: number, c: number, d: number): boolean {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let i = (a * words) & mask; ; i = (i + words) & mask) {
      if (slots[i] === a && slots[i + 1] === b && slots[i + 2] === c && slots[i + 3] === d) return false
      if ((slots[i] ?? 0) === 0 && slots[i + 1] === 0 && slots[i + 2] === 0 && slots[i + 3] === 0) {
        slots[i] = a
        slots[i + 1] = b
        slots[i + 2] = c
        slots[i + 3] = d
        return true
      }
    }
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Int32Array(2 * before.length)
    for (let i = 0; i < before.length; i += words) {
      const a = before[i] ?? 0
      const b = before[i + 1] ?? 0
      const c = before[i + 2] ?? 0
      const d = before[i + 3] ?? 0
      if ((a | b | c | d) !== 0) this.#put(a, b, c, d)
    }
  }
}
