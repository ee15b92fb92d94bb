import type { Ranges } from "./fileMessages.ts"

/** The least that is read at once. Units: bytes. */
const windowBytes = 65_536

/**
 * The same ranges, of which small ones are cut from one that was read before where they lie in it: each read is a wait for
 * another thread.
 */
export const windowed = ({ size, read }: Ranges): Ranges => {
  let held: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array() }
  return {
    size,
    read: async (start, length) => {
      const end = Math.min(start + length, size)
      if (start < held.start || end > held.start + held.bytes.length) {
        if (length >= windowBytes) return read(start, length)
        const from = Math.max(0, Math.min(start, size - windowBytes))
        held = { start: from, bytes: await read(from, Math.min(windowBytes, size)) }
      }
      const { bytes, start: from } = held
      return bytes.slice(start - from, end - from)
    }
  }
}
