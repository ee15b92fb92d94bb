import { Effect, FileSystem, Path } from "effect"
import {
  CheckpointHeader,
  CheckpointMissing,
  CheckpointTruncated,
  RuntimeError,
  type RuntimeReason
} from "../errors.ts"
import { attempt, type Doing } from "../native/status.ts"
import { decodeHeader } from "./decodeHeader.ts"
import { asFileFailed } from "./fileFailure.ts"
import { listFolder } from "./listFolder.ts"
import { readBytes } from "./readBytes.ts"

/** Bytes of the number in front of the header that tells its length. */
const prefixBytes = 8

/** The largest header that the reference implementation accepts, in bytes. */
const largestHeader = 100_000_000

const readHeader = Effect.fnUntraced(function* (path: string, doing: Doing) {
  const fs = yield* FileSystem.FileSystem
  const fail = (reason: RuntimeReason) => Effect.fail(new RuntimeError({ ...doing, reason }))
  const handle = yield* fs.open(path, { flag: "r" })
  const { size: byteSize } = yield* handle.stat
  const size = Number(byteSize)
  if (size < prefixBytes) return yield* fail(new CheckpointTruncated({ found: size, wanted: prefixBytes }))
  const prefix = new Uint8Array(prefixBytes)
  yield* readBytes({ handle, path }, prefix, 0)
  const length = new DataView(prefix.buffer).getBigUint64(0, true)
  if (length > largestHeader) {
    const reason = new CheckpointHeader({ found: `${length} bytes`, wanted: `at most ${largestHeader} bytes` })
    return yield* fail(reason)
  }
  const start = prefixBytes + Number(length)
  if (size < start) return yield* fail(new CheckpointTruncated({ found: size, wanted: start }))
  const text = new Uint8Array(Number(length))
  yield* readBytes({ handle, path }, text, prefixBytes)
  return { text: new TextDecoder().decode(text), start, size }
}, Effect.scoped)

/**
 * Reads what a file of weights holds, without the weights.
 *
 * Fails    RuntimeError: CheckpointMissing, CheckpointTruncated, CheckpointHeader, CheckpointDtype, CheckpointOverlap,
 *          TensorShape, FileFailed
 */
export const readSafetensors = Effect.fn("readSafetensors")(function* (path: string) {
  const paths = yield* Path.Path
  const file = paths.basename(path)
  const doing: Doing = { action: "read", subject: path }
  const header = yield* readHeader(path, doing).pipe(
    Effect.catchReason("PlatformError", "NotFound", () =>
      Effect.flatMap(listFolder(paths.dirname(path)), (found) =>
        Effect.fail(new RuntimeError({ ...doing, reason: new CheckpointMissing({ wanted: [file], found }) }))
      )
    ),
    asFileFailed(doing)
  )
  return yield* attempt(doing, () => decodeHeader({ ...header, file, path }))
})
