import { Effect, type FileSystem, Stream } from "effect"
import { ArrowError, KindDiffers } from "../errors.ts"
import { bytesOf } from "./bytesOf.ts"
import { contentOf } from "./contents.ts"
import { fileKinds } from "./fileKinds.ts"
import type { Source } from "./Source.ts"

/** The byte order mark of UTF-8. */
const mark = [0xef, 0xbb, 0xbf]

const isMarked = (bytes: Uint8Array): boolean => mark.every((byte, i) => bytes[i] === byte)

/**
 * The unpacked bytes of a file that should be text in UTF-8, without its byte order mark.
 *
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged, KindDiffers)
 */
export const textOf = (source: Source): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> => {
  const { path, kind } = source
  const begin = (first: Uint8Array) => {
    const found = contentOf(first)
    if (found === undefined) return Effect.succeed(isMarked(first) ? first.subarray(mark.length) : first)
    const reason = new KindDiffers({ found, wanted: `${fileKinds[kind].title} in UTF-8` })
    return Effect.fail(new ArrowError({ action: "read", path, reason }))
  }
  return bytesOf(source).pipe(
    Stream.mapAccumEffect(
      () => true,
      (isFirst, chunk) =>
        Effect.map(isFirst ? begin(chunk) : Effect.succeed(chunk), (bytes) => [false, [bytes]] as const)
    )
  )
}
