import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from "node:zlib"
import { pipeThroughDuplex } from "@effect/platform-node/NodeStream"
import { Effect, FileSystem, Stream } from "effect"
import { ArrowError, FileDamaged } from "../errors.ts"
import { fileProblem } from "../fileProblem.ts"
import type { Source } from "./Source.ts"

const unpackers = { gzip: createGunzip, zstd: createZstdDecompress }

type Bytes = Stream.Stream<Uint8Array, ArrowError>

/** Node's zstd leaves what follows the last frame: what it took is compared with what it was given. */
const unpacked = (path: string, stored: Bytes, unpacker: Gunzip | ZstdDecompress): Bytes => {
  const fail = (cause: unknown) => new ArrowError({ action: "read", path, reason: new FileDamaged({ cause }) })
  let given = 0
  const counted = Stream.map(stored, (bytes) => {
    given += bytes.length
    return bytes
  })
  const rest = Stream.suspend(() => {
    const left = given - unpacker.bytesWritten
    return left === 0 ? Stream.empty : Stream.fail(fail(`${left} bytes behind the packed data`))
  })
  return Stream.concat(pipeThroughDuplex(counted, { evaluate: () => unpacker, onError: fail }), rest)
}

/**
 * The unpacked bytes of a file as it is read.
 *
 * Units    `chunkSize` in bytes, the most that is read at once.
 * Fails    ArrowError (FileMissing, FileRefused, FileDamaged)
 */
export const bytesOf = (
  { path, packing }: Pick<Source, "path" | "packing">,
  { chunkSize = 256 * 1024 }: { readonly chunkSize?: number } = {}
): Stream.Stream<Uint8Array, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fileSystem) => {
      const stored = Stream.mapError(fileSystem.stream(path, { chunkSize }), fileProblem("read", path))
      if (packing === "none") return stored
      return Stream.suspend(() => unpacked(path, stored, unpackers[packing]()))
    })
  )
