/** Values that share a scale. */
export const blockSize = 32

const blockBytes = 2 + blockSize

/** The nearest whole number, halves away from zero. */
const round = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5)

/**
 * Values in blocks of 32 as eight bits each, with one scale a block.
 *
 * Source   ggml's Q8_0: d = max|x| / 127, q = round(x / d); a block is d as float16, then 32 signed bytes.
 * Domain   As many values as whole blocks hold.
 */
export const quantize = (values: Float32Array): Uint8Array => {
  const bytes = new Uint8Array((values.length / blockSize) * blockBytes)
  const view = new DataView(bytes.buffer)
  for (let block = 0; block * blockSize < values.length; block++) {
    const from = block * blockSize
    let largest = 0
    for (let i = from; i < from + blockSize; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0))
    const scale = Math.fround(largest / 127)
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale)
    view.setFloat16(block * blockBytes, scale, true)
    for (let i = 0; i < blockSize; i++) {
      view.setInt8(block * blockBytes + 2 + i, round(Math.fround((values[from + i] ?? 0) * inverse)))
    }
  }
  return bytes
}
