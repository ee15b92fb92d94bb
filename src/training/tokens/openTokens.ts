import { Effect, FileSystem, Path } from "effect"
import { Growing } from "../../dataset/mod.ts"
import { TokensUnkept } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import { rowBytes, rowOf } from "./rowBytes.ts"
import { shapeOf } from "./RowShape.ts"
import { ShapeTable } from "./ShapeTable.ts"
import type { Tokens } from "./Tokens.ts"

/** What is written at once. Units: bytes. */
const writtenAtOnce = 1 << 18

/** Places one after another that follow each other in the file too are read at once. */
function* neighbours(places: ArrayLike<number>) {
  for (let from = 0, to = 0; from < places.length; from = to) {
    to = from + 1
    while (to < places.length && places[to] === (places[to - 1] ?? 0) + 1) to++
    yield { first: places[from] ?? 0, count: to - from }
  }
}

/**
 * A file that examples are put into as tokens and read from by their places; it is gone when the scope closes.
 *
 * Domain   memory holds some 64 bytes for each example; nothing is put after the first is read.
 * Fails    TokensUnkept.
 */
export const openTokens = Effect.fnUntraced(function* (path: string) {
  const files = yield* FileSystem.FileSystem
  const { dirname } = yield* Path.Path
  const kept = Effect.mapError((cause: unknown) => new TokensUnkept({ path, cause }))
  yield* kept(files.makeDirectory(dirname(path), { recursive: true }))
  yield* Effect.addFinalizer(() => Effect.ignore(files.remove(path, { force: true })))
  const file = yield* kept(files.open(path, { flag: "w+" }))
  const shapes = new ShapeTable()
  const ends = new Growing((length) => new Float64Array(length))
  let end = 0
  // one buffer for all rows: many small ones that live until they are written would grow old, and the heap with them
  let waiting = new Uint8Array(writtenAtOnce)
  let filled = 0

  const flush = Effect.suspend(() => {
    const rows = waiting.subarray(0, filled)
    filled = 0
    return rows.length === 0 ? Effect.void : kept(file.writeAll(rows))
  })

  const put = Effect.fnUntraced(function* (example: Encoded) {
    const row = rowBytes(example)
    if (filled + row.length > waiting.length) yield* flush
    if (row.length > waiting.length) waiting = new Uint8Array(row.length)
    waiting.set(row, filled)
    filled += row.length
    shapes.push(shapeOf(example))
    end += row.length
    ends.push(end)
  })

  const startOf = (row: number): number => (row === 0 ? 0 : ends.at(row - 1))

  const read = Effect.fnUntraced(function* (from: number, length: number) {
    const found = new Uint8Array(length)
    for (let at = 0; at < length;) {
      const count = yield* kept(file.read(found.subarray(at), { position: BigInt(from + at) }))
      if (count === 0) return yield* new TokensUnkept({ path, cause: new Error("the file ends early") })
      at += count
    }
    return found
  })

  const pick: Tokens["pick"] = Effect.fnUntraced(function* (places) {
    yield* flush
    const examples: Array<Encoded> = []
    for (const { count, first } of neighbours(places)) {
      const from = startOf(first)
      const found = yield* read(from, ends.at(first + count - 1) - from)
      for (let row = first; row < first + count; row++) {
        examples.push(rowOf(found.subarray(startOf(row) - from, ends.at(row) - from)))
      }
    }
    return examples
  })
  const tokens: Tokens = { shapes, pick }
  return { put, tokens }
})
