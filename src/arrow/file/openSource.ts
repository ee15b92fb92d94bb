import { Effect, FileSystem } from "effect"
import { ArchivePacked, ArrowError, FileTruncated, KindDiffers, KindUnknown, NotFile } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import { archiveOf } from "./archiveOf.ts"
import { contentOf, frontBytes } from "./contents.ts"
import { kindOfName, knownEndings } from "./fileKinds.ts"
import type { ReadOptions } from "./ReadOptions.ts"
import type { Source } from "./Source.ts"

const mebibyte = 1024 * 1024
const defaults = { maxLineBytes: 64 * mebibyte, maxDepth: 256, duplicateKeys: "refuse", values: "objects" } as const

/**
 * A file whose kind is known and whose packing is what its name says.
 *
 * Fails    ArrowError (ArchivePacked, KindUnknown, FileMissing, FileRefused, NotFile, FileTruncated, KindDiffers)
 */
export const openSource = Effect.fnUntraced(function* (path: string, options: ReadOptions) {
  const fail = (reason: ArrowError["reason"]) => new ArrowError({ action: "read", path, reason })
  const problem = fileProblem("read", path)
  const named = kindOfName(path)
  const kind = options.kind ?? named.kind
  const { packing } = named
  const archive = archiveOf(path)
  if (archive !== undefined) return yield* fail(new ArchivePacked({ found: archive }))
  if (kind === undefined) return yield* fail(new KindUnknown({ known: knownEndings }))
  const fileSystem = yield* FileSystem.FileSystem
  const { type } = yield* Effect.mapError(fileSystem.stat(path), problem)
  if (type === "Directory") return yield* fail(new NotFile({ found: "folder" }))
  if (packing !== "none") {
    const front = new Uint8Array(frontBytes)
    const read = Effect.scoped(Effect.flatMap(fileSystem.open(path), (file) => file.read(front)))
    const length = Number(yield* Effect.mapError(read, problem))
    if (length === 0) return yield* fail(new FileTruncated({ bytes: 0, wanted: `${packing} data` }))
    const found = contentOf(front)
    const words =
      found ?? `a file that begins with ${JSON.stringify(Buffer.from(front.subarray(0, length)).toString("latin1"))}`
    if (found !== packing)
      return yield* fail(new KindDiffers({ found: words, wanted: `${packing} data, as the name says` }))
  }
  return { path, kind, packing, options: { ...defaults, ...options } } satisfies Source
})
