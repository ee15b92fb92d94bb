import { Effect, Stream } from "effect"
import { readBytes } from "../../arrow/mod.ts"

/** Bytes in which two rows are looked for. */
const front = 1 << 20

const isObject = (line: string): boolean => {
  try {
    JSON.parse(line)
    return line.startsWith("{")
  } catch {
    return false
  }
}

/** Whether a file named .json begins with an object on a line of its own and another one behind it: JSON lines after all. */
export const holdsLines = Effect.fnUntraced(function* (file: string) {
  let left = front
  const text = yield* readBytes(file).pipe(
    Stream.takeWhile((bytes) => {
      const isWanted = left > 0
      left -= bytes.length
      return isWanted
    }),
    Stream.decodeText,
    Stream.mkString,
    Effect.orElseSucceed(() => "") // whoever reads it says what is wrong
  )
  const lines = text.split("\n", 64).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]))
  const [first = "", second = ""] = lines
  return second.startsWith("{") && isObject(first.replace(/^\uFEFF/, ""))
})
