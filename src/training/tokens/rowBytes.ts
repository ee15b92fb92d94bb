import type { Sequence } from "../../model/mod.ts"
import type { Encoded } from "../objective/mod.ts"

/** What stands before the ids of a row, as JSON; a sequence is its length, the length of its prompt, and whether it has a mask. */
interface Front extends Omit<Encoded, "sequences" | "mismatched" | "alternatives" | "reference"> {
  readonly sequences: ReadonlyArray<Shape>
  readonly mismatched?: ReadonlyArray<Shape>
  readonly alternatives?: ReadonlyArray<Shape>
}
type Shape = readonly [length: number, promptLength: number, masked: 0 | 1]

const word = Int32Array.BYTES_PER_ELEMENT
const roundUp = (bytes: number): number => Math.ceil(bytes / word) * word

const shapesOf = (sequences: ReadonlyArray<Sequence>): ReadonlyArray<Shape> =>
  sequences.map(({ ids, learned, promptLength }) => [ids.length, promptLength, learned ? 1 : 0])

const bytesOf = ({ buffer, byteLength, byteOffset }: Int32Array | Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/**
 * An example as bytes: the length of its front, the front, ids, masks; filled up to whole words. log π₀ is left out.
 *
 * Units    bytes; ids are words of the machine.
 */
export const rowBytes = ({ reference: _reference, ...example }: Encoded): Uint8Array => {
  const { alternatives, mismatched, sequences, ...rest } = example
  const front: Front = {
    ...rest,
    sequences: shapesOf(sequences),
    ...(mismatched ? { mismatched: shapesOf(mismatched.sequences) } : {}),
    ...(alternatives ? { alternatives: shapesOf(alternatives) } : {})
  }
  const text = Buffer.from(JSON.stringify(front))
  const all = [...sequences, ...(mismatched?.sequences ?? []), ...(alternatives ?? [])]
  const begin = bytesOf(Int32Array.of(text.length))
  const filled = new Uint8Array(roundUp(text.length) - text.length)
  const ids = all.map((sequence) => bytesOf(sequence.ids))
  const masks = all.flatMap(({ learned }) => (learned ? [bytesOf(learned)] : []))
  const parts = [begin, text, filled, ...ids, ...masks]
  const bytes = parts.reduce((sum, { length }) => sum + length, 0)
  return Buffer.concat(parts, roundUp(bytes))
}

/**
 * The example of some bytes; its ids and masks are parts of them.
 *
 * Domain   `bytes` begin at a whole word.
 */
export const rowOf = (bytes: Uint8Array<ArrayBuffer>): Encoded => {
  const { buffer, byteOffset } = bytes
  const [size = 0] = new Int32Array(buffer, byteOffset, 1)
  const text = new TextDecoder().decode(bytes.subarray(word, word + size))
  const { alternatives, mismatched, sequences, ...rest } = JSON.parse(text) as Front // as: what rowBytes wrote
  const all = [...sequences, ...(mismatched ?? []), ...(alternatives ?? [])]
  let at = byteOffset + word + roundUp(size)
  let mask = at + word * all.reduce((sum, [length]) => sum + length, 0)
  const sequenceOf = ([length, promptLength, masked]: Shape): Sequence => {
    const ids = new Int32Array(buffer, at, length)
    at += ids.byteLength
    if (masked === 0) return { ids, promptLength }
    const learned = new Uint8Array(buffer, mask, length)
    mask += length
    return { ids, promptLength, learned }
  }
  return {
    ...rest,
    sequences: sequences.map(sequenceOf),
    reference: [],
    ...(mismatched ? { mismatched: { sequences: mismatched.map(sequenceOf), reference: [] } } : {}),
    ...(alternatives ? { alternatives: alternatives.map(sequenceOf) } : {})
  }
}
