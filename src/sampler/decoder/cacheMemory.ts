import { Effect } from "effect"
import { cacheFormats } from "../../model/mod.ts"
import type { TypedArray } from "../../runtime/mod.ts"
import type { CacheFormatName } from "../../../schemas/mod.ts"

const arrays = { float32: Float32Array, float16: Float16Array, int8: Int8Array } as const

/** Given back between two looks at other work: a millisecond, some more where pages are dear. Units: bytes. */
const bytesAtOnce = 4e6

/**
 * Zeros, in memory that the system maps when it is first touched. A buffer of fixed size may be a used piece of the heap, which the thread
 * that asks for it fills with zeros: 15 to 30 ms for 70 MB.
 */
export const allocateMemory = (format: CacheFormatName, elements: number): TypedArray => {
  const Elements = arrays[cacheFormats[format].type]
  const maxByteLength = elements * Elements.BYTES_PER_ELEMENT
  return new Elements(new ArrayBuffer(maxByteLength, { maxByteLength }))
}

/**
 * Gives memory back piece by piece: the collector would do so at a time of its own, all at once, a millisecond for every ten MB.
 *
 * Domain   Nobody reads the array any more.
 */
export const freeMemory = Effect.fnUntraced(function* ({ buffer }: TypedArray) {
  if (!(buffer instanceof ArrayBuffer) || !buffer.resizable) return
  while (buffer.byteLength > 0) {
    buffer.resize(Math.max(0, buffer.byteLength - bytesAtOnce))
    yield* Effect.yieldNow
  }
})
