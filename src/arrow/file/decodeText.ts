import { Result } from "effect"
import { NotUtf8 } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"

/** Where a text lies: its row, and its field where it is not the whole row. */
export interface TextPlace {
  readonly place: RawRow["place"]
  readonly number: number
  readonly field: string
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Longest sequence of UTF-8. Units: bytes. */
const longest = 4

/** Where the first sequence that is not UTF-8 begins, found by halving. */
const firstBad = (bytes: Uint8Array): number => {
  let good = 0
  let bad = bytes.length
  // a prefix that ends within a good sequence is bad too: the last four bytes are tried one by one
  while (bad - good > longest) {
    const middle = (good + bad) >>> 1
    let start = middle
    while (start > good && start > middle - longest && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--
    if (start > good && isUtf8(bytes.subarray(good, start))) good = start
    else bad = middle
  }
  for (let at = good; at < bytes.length;) {
    const length = [1, 2, 3, longest].find((size) => isUtf8(bytes.subarray(at, at + size)) && at + size <= bytes.length)
    if (length === undefined) return at
    at += length
  }
  return good
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`

/** Bytes as text, or the first byte of them that is not UTF-8. */
export const decodeText = (bytes: Uint8Array, place: TextPlace): Result.Result<string, NotUtf8> =>
  Result.try({
    try: () => strict.decode(bytes),
    catch: () => {
      const byte = firstBad(bytes)
      return new NotUtf8({ ...place, byte, found: hex(bytes[byte] ?? 0) })
    }
  })
