import { createGunzip } from "node:zlib"
import { pipeThroughDuplex } from "@effect/platform-node/NodeStream"
import { Effect, FileSystem, Stream } from "effect"
import { ArrowError, FileDamaged } from "./errors.ts"
import { fileProblem } from "./fileProblem.ts"

/**
 * The bytes of a file, as it is read; a name that ends in `.gz` is unpacked.
 *
 * Units    `chunkSize` in bytes, the most that is read at once.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const readBytes = (
  path: string,
  { chunkSize = 65_536 }: { readonly chunkSize?: number } = {}
): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fileSystem) => {
      const stored = Stream.mapError(fileSystem.stream(path, { chunkSize }), fileProblem("read", path))
      if (!path.endsWith(".gz")) return stored
      return stored.pipe(
        pipeThroughDuplex({
          evaluate: () => createGunzip(),
          onError: (cause) => new ArrowError({ action: "read", path, reason: new FileDamaged({ cause }) })
        })
      )
    })
  )
