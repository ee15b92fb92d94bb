const [quote, backslash, newline, comma] = [0x22, 0x5c, 0x0a, 0x2c]

const opens = (byte: number): boolean => byte === 0x7b || byte === 0x5b
const closes = (byte: number): boolean => byte === 0x7d || byte === 0x5d
const isSpace = (byte: number): boolean => byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09

/** A value's bytes, or that there were more of them than are kept, or that the file ended within it. */
export type ValueBytes = Uint8Array | "long" | "ended"

/**
 * Bytes of a JSON document that come in pieces: its generators stop where a piece ends, and go on with the next one.
 *
 * Units    `line` and `character` from 1, in bytes.
 */
export class Feed {
  line = 1
  #piece: Uint8Array = new Uint8Array()
  #at = 0
  #lineStart = 0
  #pieceStart = 0
  #isEnded = false

  get character(): number {
    return this.#pieceStart + this.#at - this.#lineStart + 1
  }

  add(piece: Uint8Array): void {
    this.#pieceStart += this.#piece.length
    this.#piece = piece
    this.#at = 0
  }

  close(): void {
    this.add(new Uint8Array())
    this.#isEnded = true
  }

  #breakLine(): void {
    this.line++
    this.#lineStart = this.#pieceStart + this.#at + 1
  }

  /** The next byte that is not space, not gone over; undefined at the end. */
  *peek(): Generator<void, number | undefined> {
    for (;;) {
      for (; this.#at < this.#piece.length; this.#at++) {
        const byte = this.#piece[this.#at] ?? 0
        if (!isSpace(byte)) return byte
        if (byte === newline) this.#breakLine()
      }
      if (this.#isEnded) return undefined
      yield
    }
  }

  /** Goes over the byte that peek() gave. */
  skip(): void {
    this.#at++
  }

  /**
   * Goes over a value whose first byte comes next, or over the rest of one that `depth` brackets are open of, and keeps
   * `limit` bytes at most. Where it ends is all that is looked for: its grammar is left to JSON.parse.
   */
  *value(limit: number, depth = 0): Generator<void, ValueBytes> {
    const pieces: Array<Uint8Array> = []
    let held = 0
    const state = { depth, inString: false, isEscaped: false, isBegun: depth > 0 }
    for (;;) {
      const start = this.#at
      const isWhole = this.#scan(state)
      held += this.#at - start
      if (held <= limit) pieces.push(this.#piece.subarray(start, this.#at))
      else pieces.length = 0
      if (isWhole) return held > limit ? "long" : pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
      if (this.#isEnded) return "ended"
      yield
    }
  }

  /** Goes to the end of the value, or of the piece; whether it was the value's. */
  #scan(state: { depth: number; inString: boolean; isEscaped: boolean; isBegun: boolean }): boolean {
    for (; this.#at < this.#piece.length; this.#at++) {
      const byte = this.#piece[this.#at] ?? 0
      if (byte === newline) this.#breakLine()
      if (state.inString) {
        if (state.isEscaped) state.isEscaped = false
        else if (byte === backslash) state.isEscaped = true
        else if (byte === quote) {
          state.inString = false
          if (state.depth === 0) return this.#goOver()
        }
      } else if (byte === quote) state.inString = true
      else if (opens(byte)) state.depth++
      else if (closes(byte) && state.depth > 0) {
        if (--state.depth === 0) return this.#goOver()
      } else if (state.depth === 0 && state.isBegun && (byte === comma || closes(byte) || isSpace(byte))) return true
      state.isBegun = true
    }
    return false
  }

  #goOver(): true {
    this.#at++
    return true
  }
}
