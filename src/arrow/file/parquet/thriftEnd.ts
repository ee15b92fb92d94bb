/** A structure of Thrift's compact protocol that cannot be read: a length, an integer or a type that is none. */
export class ThriftBroken extends Error {}

/** Structures and lists in each other that are followed. */
const deepest = 32
/** An integer of 64 bits, seven to a byte. */
const longestInteger = 10

type Sizes = Readonly<Record<number, (walk: ThriftWalk, depth: number) => void>>

/** How each type is passed over, by its number in the protocol. */
const sizes: Sizes = {
  1: () => {}, // true: the type is the value
  2: () => {}, // false
  3: (walk) => walk.skip(1),
  4: (walk) => void walk.integer(),
  5: (walk) => void walk.integer(),
  6: (walk) => void walk.integer(),
  7: (walk) => walk.skip(8),
  8: (walk) => walk.skip(walk.integer()),
  9: (walk, depth) => walk.list(depth),
  12: (walk, depth) => walk.struct(depth)
}

class ThriftWalk {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  skip(length: number): void {
    if (length > this.#bytes.length - this.at) throw new ThriftBroken(`${length} bytes at byte ${this.at}`)
    this.at += length
  }

  #byte(): number {
    this.skip(1)
    return this.#bytes[this.at - 1] ?? 0
  }

  integer(): number {
    let value = 0
    for (let i = 0; i < longestInteger; i++) {
      const byte = this.#byte()
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw new ThriftBroken(`an integer without an end at byte ${this.at}`)
  }

  #element(type: number, depth: number): void {
    const pass = sizes[type]
    if (pass === undefined || depth > deepest) throw new ThriftBroken(`type ${type} at byte ${this.at}`)
    pass(this, depth + 1)
  }

  list(depth: number): void {
    const head = this.#byte()
    const type = head & 0x0f
    const length = head >> 4 === 15 ? this.integer() : head >> 4
    if (length > this.#bytes.length - this.at) throw new ThriftBroken(`a list of ${length} at byte ${this.at}`)
    if (type === 1 || type === 2) this.skip(length)
    else for (let i = 0; i < length; i++) this.#element(type, depth)
  }

  struct(depth: number): void {
    for (let head = this.#byte(); (head & 0x0f) !== 0; head = this.#byte()) {
      if (head >> 4 === 0) this.integer() // the number of the field
      this.#element(head & 0x0f, depth)
    }
  }
}

/**
 * Where the structure of Thrift's compact protocol that begins at `start` ends: every length in it lies within `bytes`, so
 * that decoding it takes no more time and memory than it has bytes.
 *
 * Fails    ThriftBroken, thrown
 */
export const thriftEnd = (bytes: Uint8Array, start: number): number => {
  const walk = new ThriftWalk(bytes, start)
  walk.struct(0)
  return walk.at
}
