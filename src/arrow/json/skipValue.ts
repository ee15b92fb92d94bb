import { scanNumber } from "./scanNumber.ts"
import { scanText } from "./scanText.ts"
import type { Scanner } from "./Scanner.ts"

/** Deeper values are left to JSON.parse. */
const maxDepth = 32

export const nullWord = Buffer.from("null")
export const trueWord = Buffer.from("true")
export const falseWord = Buffer.from("false")

const skipText = (scanner: Scanner): boolean => scanText(scanner, scanner.scratch) >= 0

const skipKey = (scanner: Scanner): boolean => {
  if (!skipText(scanner)) return false
  scanner.skipSpace()
  if (scanner.bytes[scanner.at++] !== 0x3a) return false
  scanner.skipSpace()
  return true
}

const skipItems = (scanner: Scanner, close: number, depth: number): boolean => {
  scanner.at++
  scanner.skipSpace()
  if (scanner.bytes[scanner.at] === close) {
    scanner.at++
    return true
  }
  for (;;) {
    if (close === 0x7d && !skipKey(scanner)) return false
    if (!skipValue(scanner, depth)) return false
    scanner.skipSpace()
    const byte = scanner.bytes[scanner.at++]
    if (byte === close) return true
    if (byte !== 0x2c) return false
    scanner.skipSpace()
  }
}

/** Goes over the JSON value at the scanner; false where none lies or where it is very deep. */
export const skipValue = (scanner: Scanner, depth = 0): boolean => {
  if (depth > maxDepth) return false
  switch (scanner.bytes[scanner.at]) {
    case 0x22:
      return skipText(scanner)
    case 0x7b:
      return skipItems(scanner, 0x7d, depth + 1)
    case 0x5b:
      return skipItems(scanner, 0x5d, depth + 1)
    case 0x6e:
      return scanner.takes(nullWord)
    case 0x74:
      return scanner.takes(trueWord)
    case 0x66:
      return scanner.takes(falseWord)
    default:
      return !Number.isNaN(scanNumber(scanner))
  }
}
