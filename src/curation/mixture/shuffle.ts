import { Effect, FileSystem, Result, Schema, Stream } from "effect"
import type { RecordSchema } from "../../arrow/mod.ts"
import { key, threefry } from "../../random/mod.ts"
import { CurationError, RecordInvalid } from "../errors.ts"
import { folderProblem, type Keyed, openParts, splitRows } from "./parts.ts"

/**
 * How a stream is shuffled: temporary files go into a folder of their own under `folder`; `memory` bytes of rows, 64 MiB
 * unless told, are sorted at once and change nothing in the order.
 */
export interface ShuffleOptions {
  readonly seed: number
  readonly folder: string
  readonly memory?: number
}

const mebibyte = 2 ** 20
/** The last level whose six bits lie in a key of 64 bits. */
const lastLevel = 9
/** Rows that are given on together. */
const chunkRows = 256

const byKey = (a: Keyed, b: Keyed): number => a.high - b.high || a.low - b.low

/** Rows of a level's files in the order of their keys; a file that is too large is divided once more. */
const rowsOf = (
  path: string,
  options: { readonly folder: string; readonly memory: number; readonly bytes: number; readonly level: number }
): Stream.Stream<Uint8Array, CurationError, FileSystem.FileSystem> => {
  const { folder, memory, bytes, level } = options
  const opened = Effect.gen(function* () {
    const fileSystem = yield* FileSystem.FileSystem
    const problem = folderProblem(folder, bytes)
    const file = yield* Effect.mapError(fileSystem.readFile(path), problem)
    yield* Effect.mapError(fileSystem.remove(path), problem)
    return Stream.fromIterable(
      splitRows(file)
        .rows.toSorted(byKey)
        .map((row) => row.bytes),
      { chunkSize: chunkRows }
    )
  })
  if (bytes <= memory || level > lastLevel) return Stream.unwrap(opened)
  return Stream.unwrap(divide(path, { folder, memory, level }))
}

const divide = Effect.fnUntraced(function* (
  path: string,
  { folder, memory, level }: { readonly folder: string; readonly memory: number; readonly level: number }
) {
  const fileSystem = yield* FileSystem.FileSystem
  const parts = yield* openParts(folder, `${path.slice(folder.length + 1)}-`, level)
  yield* fileSystem.stream(path, { chunkSize: mebibyte }).pipe(
    Stream.mapError(folderProblem(folder, 0)),
    Stream.mapAccum(
      () => new Uint8Array(0),
      (before: Uint8Array, chunk): readonly [Uint8Array, ReadonlyArray<Keyed>] => {
        const { rows, rest } = splitRows(before.length === 0 ? chunk : Buffer.concat([before, chunk]))
        return [rest, rows]
      }
    ),
    Stream.runForEach(parts.put)
  )
  yield* Effect.mapError(fileSystem.remove(path), folderProblem(folder, 0))
  const used = yield* parts.close
  return Stream.fromArray(used).pipe(
    Stream.flatMap((part) => rowsOf(part.path, { folder, memory, bytes: part.bytes, level: level + 1 }))
  )
})

/**
 * Shuffles rows of bytes in files: each row gets a key that depends on the seed and on its number alone, and rows come out
 * in the order of the keys. Every order is as likely; batch size and memory do not change it.
 *
 * Units    memory: one part of the rows, at most `memory` bytes, and 4 MiB of buffers.
 * Fails    CurationError (DiskFull, FolderRefused); the files are removed then too, and on interruption
 */
export const shuffleBytes =
  ({ seed, folder, memory = 64 * mebibyte }: ShuffleOptions) =>
  <E, R>(
    rows: Stream.Stream<Uint8Array, E, R>
  ): Stream.Stream<Uint8Array, E | CurationError, R | FileSystem.FileSystem> => {
    const chance = key(seed, "shuffle")
    const opened = Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const own = yield* Effect.mapError(
        fileSystem.makeTempDirectoryScoped({ directory: folder, prefix: "shuffle-" }),
        folderProblem(folder, 0)
      )
      const parts = yield* openParts(own, "part-", 0)
      let count = 0
      yield* Stream.runForEach(rows, (bytes) => {
        const [high, low] = threefry(chance, [count >>> 0, Math.floor(count++ / 2 ** 32)])
        return parts.put({ high, low, bytes })
      })
      const used = yield* parts.close
      return Stream.fromArray(used).pipe(
        Stream.flatMap((part) => rowsOf(part.path, { folder: own, memory, bytes: part.bytes, level: 1 }))
      )
    })
    return Stream.unwrap(opened)
  }

const invalid = (row: number) => (error: { readonly message: string }) =>
  new CurationError({ action: "shuffle", reason: new RecordInvalid({ row, issues: error.message }) })

/**
 * Shuffles records in files, as `shuffleBytes` does; between, each is a line of JSON.
 *
 * Fails    CurationError (DiskFull, FolderRefused, RecordInvalid)
 */
export const shuffle = <A>(schema: RecordSchema<A>, options: ShuffleOptions) => {
  const json = Schema.fromJsonString(schema)
  const encode = Schema.encodeUnknownResult(json)
  const decode = Schema.decodeUnknownResult(json)
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  return <E, R>(rows: Stream.Stream<A, E, R>): Stream.Stream<A, E | CurationError, R | FileSystem.FileSystem> =>
    rows.pipe(
      Stream.mapEffect((row, i) =>
        Effect.fromResult(
          Result.mapBoth(encode(row), { onSuccess: (text) => encoder.encode(text), onFailure: invalid(i) })
        )
      ),
      shuffleBytes(options),
      Stream.mapEffect((bytes, i) => Effect.fromResult(Result.mapError(decode(decoder.decode(bytes)), invalid(i))))
    )
}
