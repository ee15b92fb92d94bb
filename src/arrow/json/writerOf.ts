import { Bool, type DataType, Float64, Int64, List, Struct, Utf8 } from "apache-arrow"
import { Schema, SchemaAST } from "effect"
import type { RecordSchema } from "../RecordSchema.ts"
import { schemaOf } from "../schemaOf.ts"
import type { Scanner } from "./Scanner.ts"
import type { ColumnWriter } from "./writers/ColumnWriter.ts"
import { FlagWriter } from "./writers/FlagWriter.ts"
import { IntegerWriter } from "./writers/IntegerWriter.ts"
import { type ListOptions, ListWriter } from "./writers/ListWriter.ts"
import { numberCheckOf } from "./writers/numberCheck.ts"
import { NumberWriter } from "./writers/NumberWriter.ts"
import { type MemberWriter, StructWriter } from "./writers/StructWriter.ts"
import { anyText, askedText, someText, type TextCheck, textsOf } from "./writers/textCheck.ts"
import { TextWriter } from "./writers/TextWriter.ts"

/** Makes the writer of a column over a scanner. */
type Maker = (scanner: Scanner) => ColumnWriter

/** The one type that is not an absence; the schema itself where it is no union. */
const presentOf = (ast: SchemaAST.AST): ReadonlyArray<SchemaAST.AST> =>
  ast._tag === "Union" && ast.checks === undefined
    ? ast.types.filter(({ _tag }) => _tag !== "Null" && _tag !== "Undefined")
    : [ast]

const isLiteralText = (ast: SchemaAST.AST): ast is SchemaAST.Literal & { readonly literal: string } =>
  ast._tag === "Literal" && typeof ast.literal === "string" && ast.literal.isWellFormed()

/** The bound of a check on lengths, or nothing where it asks for something else. */
const boundOf = (check: SchemaAST.Check<never>): Partial<ListOptions> | undefined => {
  if (check._tag === "FilterGroup") return undefined
  const representation = check.annotations?.representation
  // payloads of Effect's own checks
  const payload = (representation?.payload ?? {}) as { readonly minLength?: number; readonly maxLength?: number }
  if (representation?.id === "effect/schema/isMinLength") return { minimum: payload.minLength ?? 0 }
  return representation?.id === "effect/schema/isMaxLength" ? { maximum: payload.maxLength ?? Infinity } : undefined
}

const textCheckOf = (ast: SchemaAST.AST): TextCheck => {
  const types = presentOf(ast)
  const [type] = types
  if (type?._tag === "String" && types.length === 1) {
    if (type.checks === undefined) return anyText
    if (type.checks.length === 1 && type.checks.every((check) => boundOf(check)?.minimum === 1)) return someText
  }
  if (types.every((each) => isLiteralText(each) && each.checks === undefined))
    return textsOf(types.filter(isLiteralText).map(({ literal }) => literal))
  return askedText(Schema.is(Schema.make(ast)))
}

const listOf = (ast: SchemaAST.AST, { children: [field] }: List): Maker | undefined => {
  if (ast._tag !== "Arrays" || field === undefined) return undefined
  const [element] = ast.rest
  const bounds = (ast.checks ?? []).map(boundOf)
  if (element === undefined || ast.elements.some(SchemaAST.isOptional)) return undefined
  const known = bounds.filter((bound) => bound !== undefined)
  if (known.length < bounds.length) return undefined
  const maker = makerOf(element, field.type)
  const options = {
    nullable: field.nullable,
    minimum: Math.max(ast.elements.length, ...known.map(({ minimum }) => minimum ?? 0)),
    maximum: Math.min(...known.map(({ maximum }) => maximum ?? Infinity))
  }
  return maker && ((scanner) => new ListWriter(scanner, maker(scanner), options))
}

const isPlainKey = (name: string): boolean => name.isWellFormed() && JSON.stringify(name) === `"${name}"`

/** Whether null is one of the values of a type. */
const takesNull = (ast: SchemaAST.AST): boolean =>
  ast._tag === "Null" || (ast._tag === "Union" && ast.types.some(takesNull))

const structOf = (ast: SchemaAST.AST, { children }: Struct): Maker | undefined => {
  if (ast._tag !== "Objects" || ast.checks !== undefined) return undefined
  const makers = ast.propertySignatures.flatMap(({ name, type }, i) => {
    const field = children[i]
    const maker = field && isPlainKey(String(name)) ? makerOf(type, field.type) : undefined
    if (field === undefined || maker === undefined) return []
    const takes = { takesNull: takesNull(type), takesNothing: SchemaAST.isOptional(type) }
    return [
      (scanner: Scanner): MemberWriter => ({
        ...field,
        ...takes,
        name: field.name,
        nullable: field.nullable,
        writer: maker(scanner)
      })
    ]
  })
  if (makers.length < ast.propertySignatures.length) return undefined
  return (scanner) =>
    new StructWriter(
      scanner,
      makers.map((make) => make(scanner))
    )
}

/** Whether a type, or one of the types of a union, has another form in JSON, or takes options of its own. */
const isPlain = (ast: SchemaAST.AST): boolean =>
  ast.encoding === undefined &&
  ast.annotations?.["parseOptions"] === undefined &&
  (ast._tag !== "Union" || ast.types.every(isPlain))

const makerOf = (ast: SchemaAST.AST, type: DataType): Maker | undefined => {
  if (!isPlain(ast)) return undefined
  const [present = ast] = presentOf(ast)
  const isBare = ast.checks === undefined || present === ast
  if (type instanceof Utf8) return (scanner) => new TextWriter(scanner, textCheckOf(ast))
  if (type instanceof Float64) return (scanner) => new NumberWriter(scanner, numberCheckOf(ast, presentOf(ast)))
  if (type instanceof Int64) return (scanner) => new IntegerWriter(scanner, numberCheckOf(ast, presentOf(ast)))
  if (type instanceof Bool) return (scanner) => new FlagWriter(scanner, Schema.is(Schema.make(ast)))
  if (type instanceof List && isBare) return isPlain(present) ? listOf(present, type) : undefined
  return type instanceof Struct && isBare && isPlain(present) ? structOf(present, type) : undefined
}

/**
 * What makes the writer of the columns of a record, or nothing where its rows must be decoded one by one: where a part has
 * another form in JSON (defaults, renamed keys), or where a check looks at more than one value.
 *
 * Fails    ArrowError (ColumnUnsupported), thrown: the schema is the caller's.
 */
export const writerOf = (schema: RecordSchema<unknown>): Maker | undefined => {
  const { fields } = schemaOf(schema)
  return makerOf(schema.ast, new Struct([...fields]))
}
