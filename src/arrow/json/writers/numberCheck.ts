import { Schema, type SchemaAST } from "effect"

/** Whether a number fits its schema; false leaves the row to the schema itself. */
export type NumberCheck = (value: number) => boolean

/** Effect's own checks that can be asked without it. */
const known: Readonly<Record<string, NumberCheck>> = {
  "effect/schema/isFinite": Number.isFinite,
  "effect/schema/isInt": Number.isSafeInteger
}

/** The check of a number, `types` being what its schema allows beside absence. */
export const numberCheckOf = (ast: SchemaAST.AST, types: ReadonlyArray<SchemaAST.AST>): NumberCheck => {
  const [type] = types
  const [check, ...others] = type?.checks ?? []
  const id = check?._tag === "Filter" ? check.annotations?.representation?.id : undefined
  const plain = types.length === 1 && type?._tag === "Number" && others.length === 0
  return (plain && id !== undefined ? known[id] : undefined) ?? Schema.is(Schema.make(ast))
}
