import { Stream } from "effect"

/**
 * A line of a file without its line break, counted from 1.
 *
 * Units    `offset` in bytes from the start of the file, unpacked.
 */
export interface Line {
  readonly number: number
  readonly offset: number
  readonly bytes: Uint8Array
}

interface State {
  readonly number: number
  /** Where the next line begins. */
  readonly offset: number
  readonly pieces: ReadonlyArray<Uint8Array>
}

const newline = 0x0a
const carriageReturn = 0x0d

const lineOf = (number: number, offset: number, pieces: ReadonlyArray<Uint8Array>): Line => {
  const bytes = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  return { number, offset, bytes: bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes }
}

/** The lines that end in a piece, and what is left of it. */
const cut = ({ number, offset, pieces }: State, chunk: Uint8Array): readonly [State, ReadonlyArray<Line>] => {
  const found: Array<Line> = []
  const heldBytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
  let held = pieces
  let start = 0
  let at = offset
  for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
    found.push(lineOf(number + found.length, at, [...held, chunk.subarray(start, end)]))
    held = []
    start = end + 1
    at = offset + heldBytes + start
  }
  const rest = start < chunk.length ? [...held, chunk.subarray(start)] : held
  return [{ number: number + found.length, offset: at, pieces: rest }, found]
}

/**
 * Cuts bytes into lines, whatever pieces they arrive in; the last line may lack its line break, but where the bytes fail no
 * part of a line is given.
 */
export const lines = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Line, E, R> =>
  Stream.concat(bytes, Stream.make(undefined)).pipe(
    Stream.mapAccum(
      (): State => ({ number: 1, offset: 0, pieces: [] }),
      (state, chunk): readonly [State, ReadonlyArray<Line>] => {
        if (chunk !== undefined) return cut(state, chunk)
        const { number, offset, pieces } = state // onHalt would be asked where the bytes fail, too
        return [state, pieces.length > 0 ? [lineOf(number, offset, pieces)] : []]
      }
    )
  )
