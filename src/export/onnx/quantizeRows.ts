/**
 * A matrix as eight bits a value, with one scale a row: w ≈ q·scale, scale = max|w| / 127 of the row.
 *
 * Shapes   values: [rows, width]; quantized as values; scales [rows].
 */
export const quantizeRows = (
  values: Float32Array,
  rows: number
): { readonly quantized: Int8Array; readonly scales: Float32Array } => {
  const width = values.length / rows
  const quantized = new Int8Array(values.length)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    const from = row * width
    let largest = 0
    for (let i = from; i < from + width; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0))
    const scale = Math.fround(largest / 127)
    scales[row] = scale
    if (scale === 0) continue
    for (let i = from; i < from + width; i++) quantized[i] = Math.round((values[i] ?? 0) / scale)
  }
  return { quantized, scales }
}
