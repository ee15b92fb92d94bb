import { type Data, Field, List, makeData } from "apache-arrow"
import type { Cell, Column } from "./Column.ts"
import { validity } from "./validity.ts"

/** Arrays of any length: the elements of all rows in one column, and where each row begins. */
export const list = <T>(element: Column<T>, nullable: boolean): Column<ReadonlyArray<T | null>> => {
  const type = new List(new Field("item", element.type, nullable))
  return {
    type,
    write(values) {
      const valueOffsets = new Int32Array(values.length + 1)
      const elements: Array<Cell<T>> = []
      for (let i = 0; i < values.length; i++) {
        for (const value of values[i] ?? []) elements.push(value)
        valueOffsets[i + 1] = elements.length
      }
      const child = element.write(elements)
      return makeData({ type, length: values.length, ...validity(values), valueOffsets, child })
    },
    read(data: Data<List>) {
      const offsets = data.valueOffsets
      const child = data.children[0]
      const at = child === undefined ? () => null : element.read(child)
      return (i) => {
        if (!data.getValid(i)) return null
        const start = offsets[i] ?? 0
        return Array.from({ length: (offsets[i + 1] ?? start) - start }, (_, j) => at(start + j))
      }
    }
  }
}
