import { type Schema, SchemaAST, SchemaIssue } from "effect"

/** Where a value differs from its schema, what lies there, and what was wanted. */
export interface Problem {
  readonly field: string
  readonly found: string
  readonly wanted: string
}

/** Longest text that is shown of a value. */
const shown = 60

const describeValue = (value: unknown): string => {
  if (value === undefined) return "nothing"
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? typeof value) // JSON has no NaN
  return text.length > shown ? `${text.slice(0, shown)}…` : text
}

const describeType = (ast: SchemaAST.AST): string => {
  switch (ast._tag) {
    case "Arrays":
      return "array"
    case "Objects":
      return "object"
    case "Literal":
      return JSON.stringify(ast.literal)
    case "Union":
      return ast.types.map(describeType).join(" | ")
    default:
      return ast._tag.toLowerCase()
  }
}

const childOf = (ast: SchemaAST.AST | undefined, key: PropertyKey): SchemaAST.AST | undefined => {
  if (ast?._tag === "Objects") return ast.propertySignatures.find(({ name }) => name === key)?.type
  return ast?._tag === "Arrays" ? ast.rest[0] : undefined
}

const childOfValue = (value: unknown, key: PropertyKey): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** The first thing that is wrong with `input`, in words. */
export const firstProblem = (
  schema: Schema.Codec<unknown, unknown>,
  error: Schema.SchemaError,
  input: unknown
): Problem => {
  const issue = format(error.issue).issues[0]
  const path = (issue?.path ?? []).map((part) => (typeof part === "object" ? part.key : part))
  const value = path.reduce(childOfValue, input)
  const ast = path.reduce<SchemaAST.AST | undefined>(childOf, SchemaAST.toEncoded(schema.ast))
  const message = issue?.message ?? ""
  const missing = value === undefined && ast !== undefined
  return {
    field: path
      .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`))
      .join(""),
    found: describeValue(value),
    wanted: missing ? describeType(ast) : message.replace(/^Expected /, "")
  }
}
