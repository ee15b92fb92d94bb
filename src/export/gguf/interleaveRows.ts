/**
 * The rows of each head in another order: what stood at i and at i + half comes to stand side by side.
 *
 * Our rotation turns feature i with feature i + head_dim/2, that of llama.cpp's "llama" turns neighbours.
 *
 * Shapes   values: [heads·head_dim, width], or [heads·head_dim] of a bias; result as values.
 */
export const interleaveRows = (values: Float32Array, heads: number, headDim: number): Float32Array => {
  const width = values.length / (heads * headDim)
  const half = headDim / 2
  const result = new Float32Array(values.length)
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < headDim; i++) {
      const from = (head * headDim + i) * width
      const to = head * headDim + (i < half ? 2 * i : 2 * (i - half) + 1)
      result.set(values.subarray(from, from + width), to * width)
    }
  }
  return result
}
