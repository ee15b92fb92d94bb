/** Buffers by name that grow to the largest size they were asked for and are used again. */
export interface Workspace {
  /** A buffer of this length; what it held before is undefined unless it was asked for with the same length. */
  readonly take: (name: string, length: number) => Float32Array
  /** Units: bytes of all buffers. */
  readonly bytes: () => number
}

/** A buffer that grows keeps its place, and the pages it has touched, up to this many times its first size; addresses cost nothing. */
const room = 64

const bufferOf = (bytes: number, found: SharedArrayBuffer | undefined): SharedArrayBuffer => {
  if (!found || found.maxByteLength < bytes) return new SharedArrayBuffer(bytes, { maxByteLength: room * bytes })
  found.grow(bytes)
  return found
}

/**
 * An empty workspace.
 *
 * Shared buffers, although no thread shares them: V8 does not count them, where each 64 MiB of other buffers would start
 * a collection beside the step. One that outgrows its room is left to the collector.
 */
export const makeWorkspace = (): Workspace => {
  const buffers = new Map<string, Float32Array<SharedArrayBuffer>>()
  return {
    take: (name, length) => {
      const found = buffers.get(name)
      if (found && found.length >= length) return found.subarray(0, length)
      const buffer = bufferOf(length * Float32Array.BYTES_PER_ELEMENT, found?.buffer)
      const made = new Float32Array(buffer, 0, length)
      buffers.set(name, made)
      return made
    },
    bytes: () => [...buffers.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}
