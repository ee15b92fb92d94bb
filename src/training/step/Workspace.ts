/** Buffers by name that grow to the largest size they were asked for and are used again. One that has grown takes the memory of its smaller self away. */
export interface Workspace {
  /** A buffer of this length; what it held before is undefined unless it was asked for with the same length. */
  readonly take: (name: string, length: number) => Float32Array<ArrayBuffer>
  /** Units: bytes of all buffers. */
  readonly bytes: () => number
}

/** A buffer that grows keeps its place, and the pages it has touched, up to this many times its first size. */
const room = 4

/** An empty workspace. */
export const makeWorkspace = (): Workspace => {
  const buffers = new Map<string, Float32Array<ArrayBuffer>>()
  return {
    take: (name, length) => {
      const found = buffers.get(name)
      if (found && found.length >= length) return found.subarray(0, length)
      const bytes = length * Float32Array.BYTES_PER_ELEMENT
      if (found && found.buffer.maxByteLength >= bytes) found.buffer.resize(bytes)
      // the collector would free the smaller buffer some time later, when both have long counted
      else found?.buffer.transfer(0)
      const buffer =
        found?.buffer.byteLength === bytes ? found.buffer : new ArrayBuffer(bytes, { maxByteLength: room * bytes })
      const made = new Float32Array(buffer, 0, length)
      buffers.set(name, made)
      return made
    },
    bytes: () => [...buffers.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }
}
