import { Effect, FileSystem, Option, Stream } from "effect"
import { type Line, readLines } from "../arrow/mod.ts"
import { DatasetError, FileUnreadable } from "./errors.ts"
import type { RowIndex } from "./RowIndex.ts"
import type { Kinds } from "./format/mod.ts"
import { type DatasetOptions, decodeRow, type Row, unreadable } from "./streamRows.ts"

/** Lines of a file that was indexed, in the order asked for, each read when it is wanted. */
const seekLines = (path: string, index: RowIndex, picks: Int32Array) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const failed = (cause: unknown) => {
        const found = cause instanceof Error ? cause.message : "a file that changed while it was in use"
        return new DatasetError({ path, reason: new FileUnreadable({ found, cause }) })
      }
      const file = yield* (yield* FileSystem.FileSystem).open(path).pipe(Effect.mapError(failed))
      const lineAt = Effect.fnUntraced(function* (i: number) {
        const offset = index.offsets[i] ?? 0
        const read = file.readAlloc(index.lengths[i] ?? 0, { position: BigInt(offset) })
        const bytes = yield* Effect.mapError(read, failed)
        if (Option.isNone(bytes)) return yield* failed(undefined)
        return { number: index.lines[i] ?? 0, offset, bytes: bytes.value } satisfies Line
      })
      return Stream.mapEffect(Stream.fromIterable(picks), lineAt)
    })
  )

/** Lines of a packed file, which can be read from its start only: those asked for are held until all are found. */
const passLines = (path: string, index: RowIndex, picks: Int32Array) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const wanted = new Map<number, Line | undefined>()
      for (const i of picks) wanted.set(index.lines[i] ?? 0, undefined)
      yield* Stream.runForEach(Stream.mapError(readLines(path), unreadable(path)), (line) =>
        Effect.sync(() => {
          if (wanted.has(line.number)) wanted.set(line.number, { ...line, bytes: line.bytes.slice() })
        })
      )
      const lines = Array.from(picks, (i) => wanted.get(index.lines[i] ?? 0)).filter((line) => line !== undefined)
      return Stream.fromIterable(lines)
    })
  )

/**
 * Rows of a file that was indexed, in the order of `picks`; memory holds one row at a time, or the lines picked where
 * the file is packed.
 *
 * Domain   `picks` are places in the index.
 * Fails    DatasetError: FileUnreadable, LineNotJson, RowInvalid, KindUnsupported.
 */
export const pickRows = <K extends keyof Kinds>(
  options: DatasetOptions<K>,
  index: RowIndex,
  picks: Int32Array
): Stream.Stream<Row<Kinds[K]>, DatasetError, FileSystem.FileSystem> => {
  const { path } = options.source
  const lines = path.endsWith(".gz") ? passLines : seekLines
  return Stream.unwrap(
    Effect.map(Effect.fromResult(decodeRow(options)), (decode) =>
      lines(path, index, picks).pipe(Stream.mapEffect((line) => Effect.fromResult(decode(line))))
    )
  )
}
