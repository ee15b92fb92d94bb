import { type JsonSchema, Schema } from "effect"
import { PipelineFile } from "./PipelineFile.ts"

/** The JSON Schema of pipeline files, for editors. */
export const pipelineSchema = (): JsonSchema.JsonSchema => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(PipelineFile, { onExcessProperty: "error" })
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "prefloop pipeline",
    ...schema,
    ...(Object.keys(definitions).length > 0 ? { $defs: definitions } : {})
  }
}
