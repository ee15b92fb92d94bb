import { type Data, Field, makeData, Struct } from "apache-arrow"
import type { Cell, Column } from "./Column.ts"
import { validity } from "./validity.ts"

/** A named column of a struct; the key of an absent value is left out when `optional`, and holds null otherwise. */
export interface Member {
  readonly name: string
  readonly column: Column
  readonly nullable: boolean
  readonly optional: boolean
}

type Row = Readonly<Record<string, unknown>>

/** Structs: one column for each key. */
export const struct = (members: ReadonlyArray<Member>): Column<Row> => {
  const type = new Struct(members.map(({ name, column, nullable }) => new Field(name, column.type, nullable)))
  return {
    type,
    write(values: ReadonlyArray<Cell<Row>>) {
      const children = members.map(({ name, column }) => column.write(values.map((value) => value?.[name])))
      return makeData({ type, length: values.length, ...validity(values), children })
    },
    read(data: Data<Struct>) {
      // by name, so that a file may hold more columns, in another order
      const found = data.type.children.map((field) => field.name)
      const readers = members.flatMap(({ name, column, optional }) => {
        const child = data.children[found.indexOf(name)]
        return child === undefined ? [] : [{ name, optional, at: column.read(child) }]
      })
      return (i) => {
        if (!data.getValid(i)) return null
        const row: Record<string, unknown> = {}
        for (const { name, optional, at } of readers) {
          const value = at(i)
          if (value !== null || !optional) row[name] = value
        }
        return row
      }
    }
  }
}
