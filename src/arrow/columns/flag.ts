import { Bool, type Data, makeData } from "apache-arrow"
import type { Column } from "./Column.ts"
import { validity } from "./validity.ts"

/** Booleans, one bit each, least significant bit first. */
export const flag: Column<boolean> = {
  type: new Bool(),
  write(values) {
    const data = new Uint8Array(Math.ceil(values.length / 64) * 8)
    for (let i = 0; i < values.length; i++) {
      if (values[i] === true) data[i >> 3] = (data[i >> 3] ?? 0) | (1 << (i & 7))
    }
    return makeData({ type: new Bool(), length: values.length, ...validity(values), data })
  },
  read(data: Data<Bool>) {
    const bits = data.values
    return (i) =>
      data.getValid(i) ? (((bits[(data.offset + i) >> 3] ?? 0) >> ((data.offset + i) & 7)) & 1) === 1 : null
  }
}
