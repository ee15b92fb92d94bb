import { type JsonSchema, Schema } from "effect"

/** A schema of ours as JSON Schema. */
export const jsonSchemaOf = (schema: Schema.Top): JsonSchema.JsonSchema => {
  const { definitions, schema: found } = Schema.toJsonSchemaDocument(schema, { onExcessProperty: "error" })
  return { ...found, ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {}) }
}
