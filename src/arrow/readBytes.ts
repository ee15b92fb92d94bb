import type { FileSystem, Stream } from "effect"
import type { ArrowError } from "./errors.ts"
import { bytesOf } from "./file/bytesOf.ts"
import { kindOfName } from "./file/fileKinds.ts"

/**
 * The bytes of a file, as it is read; a name that ends in `.gz` or `.zst` is unpacked.
 *
 * Units    `chunkSize` in bytes, the most that is read at once.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const readBytes = (
  path: string,
  { chunkSize = 65_536 }: { readonly chunkSize?: number } = {}
): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> =>
  bytesOf({ path, packing: kindOfName(path).packing }, { chunkSize })
