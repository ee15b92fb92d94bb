import { createGunzip } from "node:zlib"
import { pipeThroughDuplex } from "@effect/platform-node/NodeStream"
import { Effect, FileSystem, Stream } from "effect"
import { ArrowError, FileDamaged } from "./errors.ts"
import { fileProblem } from "./fileProblem.ts"
import { type Line, lines } from "./lines.ts"

const bytesOf = (path: string) =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fileSystem) => {
      const stored = Stream.mapError(fileSystem.stream(path), fileProblem("read", path))
      if (!path.endsWith(".gz")) return stored
      return stored.pipe(
        pipeThroughDuplex({
          evaluate: () => createGunzip(),
          onError: (cause) => new ArrowError({ action: "read", path, reason: new FileDamaged({ cause }) })
        })
      )
    })
  )

const isBlank = ({ bytes }: Line): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09)

/**
 * The lines of a file that are not blank, as it is read; a name that ends in `.gz` is unpacked.
 *
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const readLines = (path: string): Stream.Stream<Line, ArrowError, FileSystem.FileSystem> =>
  bytesOf(path).pipe(
    lines,
    Stream.filter((line) => !isBlank(line))
  )
