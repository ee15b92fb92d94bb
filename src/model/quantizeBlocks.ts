/** Values that share a scale. */
export const blockSize = 32

/** How many bits a value in a block takes. */
export type BlockBits = 4 | 8

/** A matrix in blocks. Shapes: quantized [rows, blocks, blockSize·bits/8], first value in the low bits; scales [rows, blocks]. */
export interface Blocks {
  readonly quantized: Uint8Array
  readonly scales: Float32Array
}

/** The value of the largest magnitude, with its sign. */
const extremeOf = (values: Float32Array): number =>
  values.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0)

/** The nearest whole number of steps that a value may be. */
const stepsOf = (value: number, scale: number, middle: number): number =>
  scale === 0 ? 0 : Math.max(-middle, Math.min(Math.round(value / scale), middle - 1))

const squaredError = (values: Float32Array, scale: number, middle: number): number =>
  values.reduce((sum, value) => sum + (value - stepsOf(value, scale, middle) * scale) ** 2, 0)

/** What the extreme value is divided by is searched this far around the middle, in steps of a quarter. */
const searched = Array.from({ length: 17 }, (_, i) => (i - 8) / 4)

/** The scale that rounds four bits best; with eight the first one is good. */
const scaleOf = (values: Float32Array, bits: BlockBits): number => {
  const middle = 2 ** (bits - 1)
  const extreme = extremeOf(values)
  if (bits === 8) return Math.fround(extreme / -middle)
  const scales = searched.map((beside) => Math.fround(extreme / -(middle + beside)))
  const errors = scales.map((scale) => squaredError(values, scale, middle))
  return scales[errors.indexOf(Math.min(...errors))] ?? 0
}

/** Writes one block and gives its scale. */
const writeBlock = (values: Float32Array, bits: BlockBits, into: Uint8Array): number => {
  const middle = 2 ** (bits - 1)
  const scale = scaleOf(values, bits)
  for (let i = 0; i < blockSize; i++) {
    const q = stepsOf(values[i] ?? 0, scale, middle) + middle
    if (bits === 8) into[i] = q
    else into[i >> 1] = (into[i >> 1] ?? 0) | (q << (4 * (i % 2)))
  }
  return scale
}

/**
 * A matrix in blocks of 32 values along its rows: w ≈ (q − 2^(bits−1))·scale, with one scale a block and no zero point.
 *
 * Source   As ggml's Q4_0, the value of the largest magnitude becomes the lowest whole number, so that all of them are used; with four
 *          bits the scale is moved from there to where Σ(w − ŵ)² is least.
 * Shapes   values: [rows, width]; a last block that is not full is filled up with zeros.
 * Domain   Finite values.
 */
export const quantizeBlocks = (values: Float32Array, rows: number, bits: BlockBits): Blocks => {
  const width = values.length / rows
  const blocks = Math.ceil(width / blockSize)
  const bytes = (blockSize * bits) / 8
  const quantized = new Uint8Array(rows * blocks * bytes)
  const scales = new Float32Array(rows * blocks)
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const at = row * blocks + block
      const from = row * width + block * blockSize
      const to = Math.min(from + blockSize, (row + 1) * width)
      scales[at] = writeBlock(values.subarray(from, to), bits, quantized.subarray(at * bytes, (at + 1) * bytes))
    }
  }
  return { quantized, scales }
}
