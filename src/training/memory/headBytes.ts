import type { Value } from "../../graph/mod.ts"
import { chunksOf } from "../step/mod.ts"
import type { Choice, StripSizes } from "./predictMemory.ts"
import { bytesOf } from "./runInArena.ts"

/** Units: bytes of what the head keeps: rooms of the chunks that are kept, and one that the others share. */
export const headBytes = (
  saved: ReadonlyArray<Value>,
  { selected }: StripSizes,
  { headChunk, headKept }: Choice
): number => {
  const chunks = chunksOf(selected, headChunk, headKept)
  const bytes = chunks.map(({ from, to }) =>
    saved.reduce((total, value) => total + bytesOf(value, { selected: to - from }), 0)
  )
  const own = bytes.filter((_, i) => chunks[i]?.kept)
  const shared = bytes.filter((_, i) => !chunks[i]?.kept)
  return own.reduce((total, each) => total + each, Math.max(0, ...shared))
}
