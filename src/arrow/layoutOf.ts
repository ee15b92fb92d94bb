import { Schema, SchemaAST } from "effect"
import type { Column } from "./columns/Column.ts"
import { flag } from "./columns/flag.ts"
import { integer } from "./columns/integer.ts"
import { list } from "./columns/list.ts"
import { number } from "./columns/number.ts"
import { type Member, struct } from "./columns/struct.ts"
import { text } from "./columns/text.ts"
import { ArrowError, ColumnUnsupported } from "./errors.ts"
import type { RecordSchema } from "./RecordSchema.ts"

/** A column, and whether a value may be absent from it. */
interface Slot {
  readonly column: Column
  readonly absent: "never" | "null" | "key"
}

const unsupported = (path: string, found: string) =>
  new ArrowError({ action: "lay out", path, reason: new ColumnUnsupported({ found }) })

/** Whether a check, or one inside a group of checks, asks for integers. */
const asksInteger = (check: SchemaAST.Check<never>): boolean =>
  check._tag === "FilterGroup"
    ? check.checks.some(asksInteger)
    : check.annotations?.representation?.id === "effect/schema/isInt"

const isAbsence = (ast: SchemaAST.AST): boolean => ast._tag === "Null" || ast._tag === "Undefined"

const slotOfUnion = (ast: SchemaAST.Union, path: string): Slot => {
  const absences = new Set(ast.types.filter(isAbsence).map(({ _tag }) => _tag))
  const [slot, ...others] = ast.types.filter((type) => !isAbsence(type)).map((type) => slotOf(type, path))
  if (slot === undefined) throw unsupported(path, "a union without a value")
  if (others.some(({ column }) => column !== slot.column)) throw unsupported(path, "a union of several kinds")
  if (absences.size + (slot.absent === "never" ? 0 : 1) > 1) throw unsupported(path, "two ways to be absent")
  if (absences.size === 0) return slot
  return { column: slot.column, absent: absences.has("Null") ? "null" : "key" }
}

const slotOfArray = (ast: SchemaAST.Arrays, path: string): Slot => {
  const element = ast.rest[0]
  // a non-empty array names its element twice: once for the first, once for the rest
  if (element === undefined || [...ast.elements, ...ast.rest].some((other) => other !== element))
    throw unsupported(path, "a tuple")
  const { column, absent } = slotOf(element, `${path}[]`)
  if (absent === "key") throw unsupported(`${path}[]`, "undefined in an array")
  return { column: list(column, absent === "null"), absent: "never" }
}

const memberOf = ({ name, type }: SchemaAST.PropertySignature, path: string): Member => {
  const key = String(name)
  const { column, absent } = slotOf(type, path === "" ? key : `${path}.${key}`)
  const optional = SchemaAST.isOptional(type)
  if (optional && absent === "null") throw unsupported(`${path}.${key}`, "two ways to be absent")
  return { name: key, column, nullable: optional || absent !== "never", optional: optional || absent === "key" }
}

const slotOf = (ast: SchemaAST.AST, path: string): Slot => {
  switch (ast._tag) {
    case "String":
    case "TemplateLiteral":
      return { column: text, absent: "never" }
    case "Number":
      return { column: ast.checks?.some(asksInteger) === true ? integer : number, absent: "never" }
    case "Boolean":
      return { column: flag, absent: "never" }
    case "Literal":
      if (typeof ast.literal === "string") return { column: text, absent: "never" }
      if (typeof ast.literal === "number") return { column: number, absent: "never" }
      if (typeof ast.literal === "boolean") return { column: flag, absent: "never" }
      throw unsupported(path, "a literal bigint")
    case "Arrays":
      return slotOfArray(ast, path)
    case "Objects":
      if (ast.indexSignatures.length > 0) throw unsupported(path, "keys that are not known")
      return {
        column: struct(ast.propertySignatures.map((property) => memberOf(property, path))),
        absent: "never"
      }
    case "Union":
      return slotOfUnion(ast, path)
    default:
      throw unsupported(path, ast._tag)
  }
}

/** How a record lies in an Arrow record batch: its columns by name, and all of them as one struct. */
export interface Layout {
  readonly members: ReadonlyArray<Member>
  readonly record: Column<Readonly<Record<string, unknown>>>
}

const known = new WeakMap<SchemaAST.AST, Layout>()

/**
 * The layout of a record: what its rows are after decoding, as columns.
 *
 * Domain   strings and their literals, numbers (integers when checked), booleans, arrays, structs, null or optional.
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const layoutOf = (schema: RecordSchema<unknown>): Layout => {
  const { ast } = Schema.toType(schema)
  const before = known.get(ast)
  if (before !== undefined) return before
  if (ast._tag !== "Objects" || ast.indexSignatures.length > 0) throw unsupported("record", ast._tag)
  const members = ast.propertySignatures.map((property) => memberOf(property, ""))
  const layout = { members, record: struct(members) }
  known.set(ast, layout)
  return layout
}
