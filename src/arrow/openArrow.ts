import type { FileHandle } from "node:fs/promises"
import { type AsyncRecordBatchFileReader, RecordBatchReader } from "apache-arrow"
import { Effect, FileSystem, type Scope } from "effect"
import { ArrowError, FileDamaged, FileTruncated, NotArrow } from "./errors.ts"
import { fileProblem } from "./fileProblem.ts"

const magic = "ARROW1"
/** Magic and padding in front; length of the footer and magic behind. */
const frontBytes = 8
const backBytes = 10

/** What Arrow's reader asks of a file handle, answered by the file system service. */
const handleOf = (file: FileSystem.File, size: number): FileHandle => {
  const handle = {
    fd: 0,
    stat: () => Promise.resolve({ size }),
    close: () => Promise.resolve(), // the scope closes the file
    read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
      const target = buffer.subarray(offset, offset + length)
      return { bytesRead: await Effect.runPromise(file.read(target, { position: BigInt(position) })), buffer }
    }
  }
  return handle as unknown as FileHandle // the reader calls these three methods only
}

/**
 * Arrow's reader over an IPC file, open until the scope closes; it reads one record batch at a time.
 *
 * Fails    ArrowError (FileMissing, FileRefused, NotArrow, FileTruncated, FileDamaged)
 */
export const openArrow = Effect.fnUntraced(function* (
  path: string
): Effect.fn.Return<AsyncRecordBatchFileReader, ArrowError, FileSystem.FileSystem | Scope.Scope> {
  const problem = fileProblem("read", path)
  const fail = (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })
  const fileSystem = yield* FileSystem.FileSystem
  const file = yield* Effect.mapError(fileSystem.open(path), problem)
  const { size } = yield* Effect.mapError(file.stat, problem)
  const bytes = Number(size)
  const textAt = Effect.fnUntraced(function* (position: number, length: number) {
    const buffer = new Uint8Array(length)
    const read = yield* Effect.mapError(file.read(buffer, { position: BigInt(position) }), problem)
    return Buffer.from(buffer.buffer, 0, read)
  })
  const front = yield* textAt(0, frontBytes)
  if (!front.toString("latin1").startsWith(magic.slice(0, front.length)))
    return yield* fail(new NotArrow({ found: JSON.stringify(front.toString("latin1").slice(0, magic.length)) }))
  const back = bytes < frontBytes + backBytes ? Buffer.alloc(backBytes) : yield* textAt(bytes - backBytes, backBytes)
  if (back.toString("latin1", 4) !== magic)
    return yield* fail(new FileTruncated({ bytes, wanted: `a footer that ends in "${magic}"` }))
  const footerBytes = back.readInt32LE(0)
  if (footerBytes <= 0 || footerBytes + frontBytes + backBytes > bytes)
    return yield* fail(new FileTruncated({ bytes, wanted: `a footer of ${footerBytes} bytes` }))
  return yield* Effect.tryPromise({
    try: async () => {
      const reader = await RecordBatchReader.from(handleOf(file, bytes))
      // the magic in front was checked: Arrow then gives its reader of files
      return (await reader.open()) as AsyncRecordBatchFileReader
    },
    catch: (cause) => fail(new FileDamaged({ cause }))
  })
})
