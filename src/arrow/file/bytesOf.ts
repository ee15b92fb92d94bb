import { createGunzip, createZstdDecompress } from "node:zlib"
import { pipeThroughDuplex } from "@effect/platform-node/NodeStream"
import { Effect, FileSystem, Stream } from "effect"
import { ArrowError, FileDamaged } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import type { Source } from "./Source.ts"

/** Units: bytes read at once. */
const chunkSize = 256 * 1024

const unpackers = { gzip: createGunzip, zstd: createZstdDecompress }

/**
 * The unpacked bytes of a file as it is read.
 *
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const bytesOf = ({ path, packing }: Source): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fileSystem) => {
      const stored = Stream.mapError(fileSystem.stream(path, { chunkSize }), fileProblem("read", path))
      if (packing === "none") return stored
      return stored.pipe(
        pipeThroughDuplex({
          evaluate: () => unpackers[packing](),
          onError: (cause) => new ArrowError({ action: "read", path, reason: new FileDamaged({ cause }) })
        })
      )
    })
  )
