import { type Data, Int64, makeData } from "apache-arrow"
import type { Column } from "./Column.ts"
import { validity } from "./validity.ts"

/**
 * Integers as 64-bit signed integers.
 *
 * Domain   |n| < 2⁵³, as in the schema; −0 becomes 0.
 */
export const integer: Column<number> = {
  type: new Int64(),
  write(values) {
    const data = BigInt64Array.from(values, (value) => BigInt(value ?? 0))
    return makeData({ type: new Int64(), length: values.length, ...validity(values), data })
  },
  read(data: Data<Int64>) {
    const numbers = data.values
    return (i) => (data.getValid(i) ? Number(numbers[i]) : null)
  }
}
