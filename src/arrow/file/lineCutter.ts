import { LineTooLong } from "../errors.ts"
import { isBlank } from "../isBlank.ts"
import type { Cutter } from "./Cutter.ts"
import { type Found, trouble } from "./Found.ts"

const newline = 0x0a
const carriageReturn = 0x0d

const withoutReturn = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes

/**
 * Cuts bytes into lines that are not blank and gives each to `row`; a line over the limit is told when it passes it,
 * and its bytes are not kept. The last line may lack its line break.
 *
 * Units    lines count from 1; `maxLineBytes` in bytes without the line break.
 */
export const lineCutter = (
  path: string,
  maxLineBytes: number,
  row: (bytes: Uint8Array, line: number) => Found
): Cutter => {
  let line = 1
  let pieces: Array<Uint8Array> = []
  let held = 0
  const hold = (piece: Uint8Array, found: Array<Found>) => {
    const isLonger = held + piece.length > maxLineBytes
    if (isLonger && held <= maxLineBytes)
      found.push(trouble(path, new LineTooLong({ place: "line", number: line, limit: maxLineBytes })))
    held += piece.length
    if (isLonger) pieces = []
    else pieces.push(piece)
  }
  const close = (found: Array<Found>) => {
    const bytes = withoutReturn(pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : Buffer.concat(pieces))
    if (held <= maxLineBytes && !isBlank(bytes)) found.push(row(bytes, line))
    pieces = []
    held = 0
    line++
  }
  return {
    push(chunk) {
      const found: Array<Found> = []
      let start = 0
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
        hold(chunk.subarray(start, end), found)
        close(found)
        start = end + 1
      }
      if (start < chunk.length) hold(chunk.subarray(start), found)
      return found
    },
    end() {
      const found: Array<Found> = []
      close(found)
      return found
    }
  }
}
