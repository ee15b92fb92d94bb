import { Effect, FileSystem, type PlatformError, type Scope } from "effect"
import { CurationError, DiskFull, FolderRefused } from "../errors.ts"

/** A row on its way: a drawn key of two words, and its bytes. */
export interface Keyed {
  readonly high: number
  readonly low: number
  readonly bytes: Uint8Array
}

/** What systems call a full disk, and a full share of one. */
const full = new Set<unknown>(["ENOSPC", "EDQUOT"])

const isFull = (error: unknown, depth = 8): boolean =>
  typeof error === "object" &&
  error !== null &&
  depth > 0 &&
  (("code" in error && full.has(error.code)) ||
    ("cause" in error && isFull(error.cause, depth - 1)) ||
    ("reason" in error && isFull(error.reason, depth - 1)))

/** An error of the file system about the folder of the shuffle. */
export const folderProblem =
  (folder: string, bytes: number) =>
  (cause: PlatformError.PlatformError): CurationError => {
    const reason = isFull(cause) ? new DiskFull({ folder, bytes, cause }) : new FolderRefused({ folder, cause })
    return new CurationError({ action: "shuffle", reason })
  }

/** Parts of one level: six bits of the key. */
export const partCount = 64
const header = 12
/** Bytes that wait for one write. */
const bufferBytes = 65_536

/** The part of a key on a level, counted from 0; levels beyond the key's 64 bits have one part. */
export const partAt = ({ high, low }: Pick<Keyed, "high" | "low">, level: number): number => {
  const shift = 58 - level * 6
  if (shift >= 32) return (high >>> (shift - 32)) & 63
  if (shift < 0) return 0
  return shift + 6 <= 32 ? (low >>> shift) & 63 : (((high << (32 - shift)) | (low >>> shift)) >>> 0) & 63
}

const encode = ({ high, low, bytes }: Keyed): Uint8Array => {
  const out = new Uint8Array(header + bytes.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, high)
  view.setUint32(4, low)
  view.setUint32(8, bytes.length)
  out.set(bytes, header)
  return out
}

/** The whole rows at the start of some bytes of a part file, and the bytes of a row that goes on behind them. */
export const splitRows = (bytes: Uint8Array): { readonly rows: ReadonlyArray<Keyed>; readonly rest: Uint8Array } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rows: Array<Keyed> = []
  let at = 0
  while (at + header <= bytes.length) {
    const end = at + header + view.getUint32(at + 8)
    if (end > bytes.length) break
    rows.push({ high: view.getUint32(at), low: view.getUint32(at + 4), bytes: bytes.subarray(at + header, end) })
    at = end
  }
  return { rows, rest: bytes.subarray(at) }
}

interface Part {
  readonly path: string
  file: FileSystem.File | undefined
  waiting: Array<Uint8Array>
  waitingBytes: number
  bytes: number
}

/** Files of one level that rows are put into by their keys. Files are made when they are first needed. */
export const openParts = Effect.fnUntraced(function* (
  folder: string,
  prefix: string,
  level: number
): Effect.fn.Return<
  {
    readonly put: (row: Keyed) => Effect.Effect<void, CurationError, Scope.Scope>
    readonly close: Effect.Effect<ReadonlyArray<Part>, CurationError, Scope.Scope>
  },
  never,
  FileSystem.FileSystem
> {
  const fileSystem = yield* FileSystem.FileSystem
  let written = 0
  const parts = Array.from({ length: partCount }, (_, i): Part => {
    return { path: `${folder}/${prefix}${i}`, file: undefined, waiting: [], waitingBytes: 0, bytes: 0 }
  })
  const flush = Effect.fnUntraced(function* (part: Part) {
    const problem = folderProblem(folder, written)
    part.file ??= yield* Effect.mapError(fileSystem.open(part.path, { flag: "w" }), problem)
    yield* Effect.mapError(part.file.writeAll(Buffer.concat(part.waiting)), problem)
    written += part.waitingBytes
    part.waiting = []
    part.waitingBytes = 0
  })
  return {
    put: (row) => {
      const part = parts[partAt(row, level)]
      if (part === undefined) return Effect.void
      const bytes = encode(row)
      part.waiting.push(bytes)
      part.waitingBytes += bytes.length
      part.bytes += bytes.length
      return part.waitingBytes < bufferBytes ? Effect.void : flush(part)
    },
    close: Effect.gen(function* () {
      const used = parts.filter(({ bytes }) => bytes > 0)
      for (const part of used) if (part.waitingBytes > 0) yield* flush(part)
      return used
    })
  }
})
