import { Effect, type FileSystem } from "effect"
import { CheckpointTruncated, RuntimeError } from "../errors.ts"

/** Fills a buffer from a place in a file. Fails   RuntimeError: CheckpointTruncated; PlatformError */
export const readBytes = Effect.fnUntraced(function* (
  from: { readonly handle: FileSystem.File; readonly path: string },
  buffer: Uint8Array,
  position: number
) {
  let filled = 0
  while (filled < buffer.length) {
    const read = yield* from.handle.read(buffer.subarray(filled), { position: BigInt(position + filled) })
    if (read === 0) {
      const reason = new CheckpointTruncated({ found: position + filled, wanted: position + buffer.length })
      return yield* new RuntimeError({ action: "read", subject: from.path, reason })
    }
    filled += read
  }
})
