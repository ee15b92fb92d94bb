import type { Scanner } from "./Scanner.ts"

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Integers of so many digits, and powers of ten up to 22, are exact: one division then rounds once. */
const exactDigits = 15
const powers = Array.from({ length: exactDigits + 1 }, (_, i) => 10 ** i)

/** The address behind the digits at `at`. */
const behindDigits = (bytes: Uint8Array, at: number): number => {
  let end = at
  while (isDigit(bytes[end])) end++
  return end
}

/** The digits from `start` to `end` as a whole number, a point among them left out. */
const wholeOf = (bytes: Uint8Array, start: number, end: number): number => {
  let whole = 0
  for (let i = start; i < end; i++) if (isDigit(bytes[i])) whole = whole * 10 + ((bytes[i] ?? 0) - 0x30)
  return whole
}

/**
 * Reads the JSON number at the scanner; NaN where none lies.
 *
 * Source   RFC 8259, section 6; W. Clinger, How to read floating point numbers accurately (1990), the exact case.
 */
export const scanNumber = (scanner: Scanner): number => {
  const { bytes, at: start } = scanner
  const first = bytes[start] === 0x2d ? start + 1 : start
  const point = behindDigits(bytes, first)
  if (point === first || (bytes[first] === 0x30 && point > first + 1)) return Number.NaN
  const fraction = bytes[point] === 0x2e
  const behind = fraction ? behindDigits(bytes, point + 1) : point
  if (fraction && behind === point + 1) return Number.NaN
  const exponent = ((bytes[behind] ?? 0) | 0x20) === 0x65
  const digits = behind - first
  if (!exponent && digits <= exactDigits) {
    scanner.at = behind
    const size = wholeOf(bytes, first, behind) / (powers[fraction ? behind - point - 1 : 0] ?? 1)
    return first === start ? size : -size
  }
  const sign = exponent && (bytes[behind + 1] === 0x2b || bytes[behind + 1] === 0x2d) ? 1 : 0
  const end = exponent ? behindDigits(bytes, behind + 1 + sign) : behind
  if (exponent && end === behind + 1 + sign) return Number.NaN
  scanner.at = end
  return Number(scanner.buffer.toString("latin1", start, end))
}
