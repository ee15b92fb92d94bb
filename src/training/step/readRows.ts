/** Which rows of an array are read, some perhaps several times. */
interface Rows {
  readonly at: BigInt64Array<ArrayBuffer>
  /** Numbers in a row. */
  readonly width: number
}

/** Rows of an array one after another, and zeros behind them. Shapes: from [n, width]; into [at.length or more, width]. */
export const readRows = (from: Float32Array, { at, width }: Rows, into: Float32Array): Float32Array => {
  const count = from.length / width
  at.forEach((row, i) => {
    const place = Number(row)
    if (place >= count) throw new RangeError(`Cannot read row ${place}: there are ${count}`)
    into.set(from.subarray(place * width, (place + 1) * width), i * width)
  })
  return into.fill(0, at.length * width)
}

/**
 * Adds to rows what is sent back to them, in the order in which they were read.
 *
 * Shapes   from [at.length or more, width]; onto [n, width].
 */
export const addRows = (from: Float32Array, { at, width }: Rows, onto: Float32Array): void => {
  at.forEach((row, i) => {
    const [source, target] = [i * width, Number(row) * width]
    for (let column = 0; column < width; column++) {
      onto[target + column] = (onto[target + column] ?? 0) + (from[source + column] ?? 0)
    }
  })
}
