import { type FileSystem, Stream } from "effect"
import type { ArrowError } from "./errors.ts"
import { isBlank } from "./isBlank.ts"
import { type Line, lines } from "./lines.ts"
import { readBytes } from "./readBytes.ts"

/**
 * The lines of a file that are not blank, as it is read; a name that ends in `.gz` or `.zst` is unpacked.
 *
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const readLines = (path: string): Stream.Stream<Line, ArrowError, FileSystem.FileSystem> =>
  readBytes(path).pipe(
    lines,
    Stream.filter(({ bytes }) => !isBlank(bytes))
  )
