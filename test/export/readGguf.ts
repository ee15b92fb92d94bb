/** What a GGUF file says, read without the writer: see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. */
export interface GgufFile {
  readonly version: number
  readonly metadata: Readonly<Record<string, unknown>>
  /** Axes as in the file, the fastest first. */
  readonly tensors: Readonly<
    Record<string, { readonly axes: ReadonlyArray<number>; readonly type: number; readonly bytes: Uint8Array }>
  >
}

/** Bytes of a block and values in it, by the number of the type. */
const blocks: Readonly<Record<number, readonly [bytes: number, values: number]>> = {
  0: [4, 1],
  1: [2, 1],
  8: [34, 32],
  30: [2, 1]
}

/** Reads a whole file. */
export const readGguf = (file: Uint8Array): GgufFile => {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  let at = 0
  const take = <A>(bytes: number, read: (at: number) => A): A => {
    const value = read(at)
    at += bytes
    return value
  }
  const u32 = () => take(4, (i) => view.getUint32(i, true))
  const u64 = () => take(8, (i) => Number(view.getBigUint64(i, true)))
  const text = () => {
    const length = u64()
    return take(length, (i) => new TextDecoder().decode(file.subarray(i, i + length)))
  }
  const value = (type: number): unknown => {
    if (type === 4) return u32()
    if (type === 5) return take(4, (i) => view.getInt32(i, true))
    if (type === 6) return take(4, (i) => view.getFloat32(i, true))
    if (type === 7) return take(1, (i) => view.getUint8(i) === 1)
    if (type === 8) return text()
    if (type !== 9) throw new RangeError(`Type ${type} of a value is not one that prefloop writes`)
    const [items, count] = [u32(), u64()]
    return Array.from({ length: count }, () => value(items))
  }
  const magic = take(4, (i) => new TextDecoder().decode(file.subarray(i, i + 4)))
  if (magic !== "GGUF") throw new RangeError(`The file begins with "${magic}"`)
  const version = u32()
  const [tensorCount, metadataCount] = [u64(), u64()]
  const metadata = Object.fromEntries(Array.from({ length: metadataCount }, () => [text(), value(u32())]))
  const infos = Array.from({ length: tensorCount }, () => {
    const name = text()
    const axes = Array.from({ length: u32() }, u64)
    return { name, axes, type: u32(), offset: u64() }
  })
  const start = Math.ceil(at / 32) * 32
  const tensors = infos.map(({ axes, name, offset, type }) => {
    const [bytes = 0, values = 1] = blocks[type] ?? []
    const length = (axes.reduce((product, size) => product * size, 1) / values) * bytes
    if (offset % 32 !== 0) throw new RangeError(`Tensor "${name}" begins at ${offset}, no multiple of 32`)
    return [
      name,
      { axes, type, bytes: Uint8Array.from(file.subarray(start + offset, start + offset + length)) }
    ] as const
  })
  return { version, metadata, tensors: Object.fromEntries(tensors) }
}
