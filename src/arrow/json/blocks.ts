import { Stream } from "effect"

/** Whole lines, in pieces as they were read. */
export type Block = ReadonlyArray<Uint8Array>

const newline = 0x0a

/** Pieces of at most `size` bytes. */
const cut = (bytes: Uint8Array, size: number): ReadonlyArray<Uint8Array> =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

const total = (pieces: Block): number => pieces.reduce((sum, piece) => sum + piece.length, 0)

/** The blocks that a piece completes, and what is held for the next. */
const take = (size: number, held: Block, piece: Uint8Array): readonly [Block, ReadonlyArray<Block>] => {
  const end = piece.lastIndexOf(newline) + 1
  // the memory of a piece is used again for the next one: what is held is a copy
  if (end === 0) return [[...held, piece.slice()], []]
  const rest = end < piece.length ? [piece.slice(end)] : []
  if (total(held) <= size) return [rest, [[...held, piece.subarray(0, end)]]]
  const first = piece.indexOf(newline) + 1
  const others = first < end ? [[piece.subarray(first, end)]] : []
  return [rest, [[...held, piece.subarray(0, first)], ...others]]
}

/**
 * Cuts bytes where lines end, into blocks of at most 2 · `size` bytes; a line that is longer is a block of its own.
 *
 * Units    `size` in bytes.
 */
export const blocks =
  (size: number) =>
  <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Block, E, R> =>
    // the end is a piece of its own: where the bytes fail, no part of a line is given
    Stream.concat(bytes, Stream.make(undefined)).pipe(
      Stream.mapAccum(
        (): Block => [],
        (before, chunk): readonly [Block, ReadonlyArray<Block>] => {
          if (chunk === undefined) return [[], before.length > 0 ? [before] : []]
          const found: Array<Block> = []
          let held = before
          for (const piece of cut(chunk, size)) {
            const [rest, complete] = take(size, held, piece)
            held = rest
            found.push(...complete)
          }
          return [held, found]
        }
      )
    )
