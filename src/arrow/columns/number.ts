import { type Data, Float64, makeData } from "apache-arrow"
import type { Column } from "./Column.ts"
import { validity } from "./validity.ts"

/** Numbers as 64-bit floating point. */
export const number: Column<number> = {
  type: new Float64(),
  write(values) {
    const data = Float64Array.from(values, (value) => value ?? 0)
    return makeData({ type: new Float64(), length: values.length, ...validity(values), data })
  },
  read(data: Data<Float64>) {
    const numbers = data.values
    return (i) => (data.getValid(i) ? (numbers[i] ?? null) : null)
  }
}
