import { createHash } from "node:crypto"
import { Effect, FileSystem, Stream } from "effect"
import type { Entry } from "./Entry.ts"
import { FileDiffers } from "./errors.ts"

/**
 * Checks that a file has the size and the digest that the hub named.
 *
 * Source   large files: SHA-256 of the bytes; others: SHA-1 of "blob <size>\0" and the bytes, as git names them.
 * Fails    FileDiffers, PlatformError
 */
export const checkBlob = Effect.fnUntraced(function* (path: string, { oid, path: file, size }: Entry) {
  const fs = yield* FileSystem.FileSystem
  const found = Number((yield* fs.stat(path)).size)
  if (found !== size) return yield* new FileDiffers({ file, found: `${found} bytes`, wanted: `${size} bytes` })
  const isLarge = oid.length === 64
  const hash = createHash(isLarge ? "sha256" : "sha1")
  if (!isLarge) hash.update(`blob ${size}\0`)
  yield* Stream.runForEach(fs.stream(path), (bytes) => Effect.sync(() => hash.update(bytes)))
  const digest = hash.digest("hex")
  if (digest !== oid) return yield* new FileDiffers({ file, found: `digest ${digest}`, wanted: `digest ${oid}` })
})
