import { DataType, type Field } from "apache-arrow"
import type { SchemaElement } from "hyparquet"
import { ArrowError, ColumnUnsupported } from "./errors.ts"

type Repetition = "REQUIRED" | "OPTIONAL"

/** The elements below a list or a struct: its parts in order, each with what is below it. */
const groupOf = (element: SchemaElement, parts: ReadonlyArray<ReadonlyArray<SchemaElement>>) => [
  { ...element, num_children: parts.length },
  ...parts.flat()
]

const below = (field: Field, name = field.name) =>
  elementsOf(name, field.type, field.nullable ? "OPTIONAL" : "REQUIRED")

const elementsOf = (name: string, type: DataType, repetition_type: Repetition): ReadonlyArray<SchemaElement> => {
  const element: SchemaElement = { name, repetition_type }
  if (DataType.isUtf8(type))
    return [{ ...element, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } }]
  if (DataType.isInt(type)) return [{ ...element, type: "INT64" }]
  if (DataType.isFloat(type)) return [{ ...element, type: "DOUBLE" }]
  if (DataType.isBool(type)) return [{ ...element, type: "BOOLEAN" }]
  const children = childrenOf(type)
  if (DataType.isStruct(type) && children.length > 0)
    return groupOf(
      element,
      children.map((child) => below(child))
    )
  if (DataType.isList(type)) {
    const repeated: SchemaElement = { name: "list", repetition_type: "REPEATED" }
    const inner = groupOf(repeated, [below(type.valueField, "element")])
    return groupOf({ ...element, converted_type: "LIST", logical_type: { type: "LIST" } }, [inner])
  }
  const reason = new ColumnUnsupported({ found: `${type} for Parquet` })
  throw new ArrowError({ action: "lay out", path: name, reason })
}

/**
 * The Parquet schema of columns that were derived from a record: lists in three levels, integers as INT64.
 *
 * Source   The logical types of Parquet (`LogicalTypes.md`, "Lists").
 * Fails    ArrowError (ColumnUnsupported), thrown: a struct without fields has no place in Parquet.
 */
export const parquetSchema = (fields: ReadonlyArray<Field>): Array<SchemaElement> => [
  { name: "schema", num_children: fields.length },
  ...fields.flatMap(({ name, nullable, type }) => elementsOf(name, type, nullable ? "OPTIONAL" : "REQUIRED"))
]

/** A value as the writer takes it: integers as bigints, wherever they lie; absent values as they are. */
export const parquetValue = (type: DataType): ((value: unknown) => unknown) => {
  if (DataType.isInt(type)) return (value) => (typeof value === "number" ? BigInt(value) : value)
  if (!holdsIntegers(type)) return (value) => value
  if (DataType.isList(type)) {
    const inner = parquetValue(type.valueType)
    return (value) => (Array.isArray(value) ? value.map(inner) : value)
  }
  const members = childrenOf(type).map((field) => [field.name, parquetValue(field.type)] as const)
  return (value) =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(members.map(([name, inner]) => [name, inner(Reflect.get(value, name))]))
      : value
}

/** Kinds without children have none, whatever their type says. */
const childrenOf = (type: DataType): ReadonlyArray<Field> => type.children ?? []

const holdsIntegers = (type: DataType): boolean =>
  DataType.isInt(type) || childrenOf(type).some((field) => holdsIntegers(field.type))
