import { key, normal } from "../random/mod.ts"
import type { Vectors } from "./Encoder.ts"

/** Steps of the power iteration: far more than a handful of points needs to be drawn by. */
const steps = 100

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)

/** Every vector less the mean of all. */
const centredRows = ({ count, values, width }: Vectors): ReadonlyArray<Float64Array> => {
  const mean = new Float64Array(width)
  values.forEach((x, i) => (mean[i % width] = (mean[i % width] ?? 0) + x / count))
  return Array.from({ length: count }, (_, row) =>
    Float64Array.from(mean, (middle, i) => (values[row * width + i] ?? 0) - middle)
  )
}

/** The direction in which rows differ most, of length 1; all zeros where they do not differ. */
const direction = (rows: ReadonlyArray<Float64Array>, start: Float64Array): Float64Array => {
  let found = start
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(found.length)
    for (const row of rows) {
      const share = dot(row, found)
      row.forEach((x, i) => (next[i] = (next[i] ?? 0) + share * x))
    }
    const length = Math.sqrt(dot(next, next))
    if (length === 0) return next
    found = next.map((x) => x / length)
  }
  return found
}

/**
 * Places on the two directions in which vectors differ most.
 *
 * Source   Principal components, by power iteration from a drawn start; the second after the first is taken out.
 * Shapes   Result [count · 2]: x and y of each vector.
 */
export const principal = (vectors: Vectors, seed: number): Float64Array => {
  let rows = centredRows(vectors)
  const places = new Float64Array(vectors.count * 2)
  for (const axis of [0, 1]) {
    const drawn = key(seed, "principal", axis)
    const along = direction(
      rows,
      Float64Array.from({ length: vectors.width }, (_, i) => normal(drawn, i))
    )
    const shares = rows.map((row) => dot(row, along))
    shares.forEach((share, row) => (places[row * 2 + axis] = share))
    rows = rows.map((row, at) => row.map((x, i) => x - (shares[at] ?? 0) * (along[i] ?? 0)))
  }
  return places
}
