import type { Scanner } from "./Scanner.ts"

const quote = 0x22
const backslash = 0x5c
const letterU = 0x75
const replacement = 0xfffd

const digitOf = (byte: number): number => {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** The code unit of an escape `\uXXXX` at this address, or −1. */
const unitAt = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== backslash || bytes[at + 1] !== letterU) return -1
  let unit = 0
  for (let i = 2; i < 6; i++) {
    const digit = digitOf(bytes[at + i] ?? 0)
    if (digit < 0) return -1
    unit = unit * 16 + digit
  }
  return unit
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

/** Writes a code point as UTF-8; gives the address behind it. */
const putPoint = (bytes: Uint8Array, to: number, point: number): number => {
  if (point < 0x80) {
    bytes[to] = point
    return to + 1
  }
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
  bytes[to] = ((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more))
  for (let i = 1; i <= more; i++) bytes[to + i] = 0x80 | ((point >> (6 * (more - i))) & 0x3f)
  return to + more + 1
}

/**
 * Reads the JSON string at the scanner and writes its text at `target`; gives the address behind the text, or −1 where no
 * well-formed string lies.
 *
 * Domain   bytes in UTF-8; a lone surrogate becomes U+FFFD, as in every column of text.
 */
export const scanText = (scanner: Scanner, target: number): number => {
  const { bytes, kernel, results } = scanner
  if (bytes[scanner.at] !== quote) return -1
  let from = scanner.at + 1
  let to = target
  for (;;) {
    from = kernel.copyText(from, to)
    to = results[0] ?? to
    if (bytes[from] === quote) break
    const unit = unitAt(bytes, from)
    if (unit < 0) return -1
    from += 6
    const low = isHigh(unit) ? unitAt(bytes, from) : -1
    if (isLow(low)) from += 6
    const point = isLow(low) ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : unit
    to = putPoint(bytes, to, isHigh(point) || isLow(point) ? replacement : point)
  }
  scanner.at = from + 1
  return to
}
