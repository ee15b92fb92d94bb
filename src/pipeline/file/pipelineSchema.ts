import type { JsonSchema, Schema } from "effect"
import { MixtureFile } from "../mixture/MixtureFile.ts"
import { jsonSchemaOf } from "./jsonSchemaOf.ts"
import { PipelineFile } from "./PipelineFile.ts"
import { TrainFile } from "./TrainFile.ts"

const titled = (title: string, schema: Schema.Top): JsonSchema.JsonSchema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title,
  ...jsonSchemaOf(schema)
})

/** The JSON Schema of pipeline files, for editors. */
export const pipelineSchema = (): JsonSchema.JsonSchema => titled("prefloop pipeline", PipelineFile)

/** The JSON Schema of files of one training phase, for editors. */
export const trainSchema = (): JsonSchema.JsonSchema => titled("prefloop training", TrainFile)

/** The JSON Schema of files of mixtures, for editors. */
export const mixtureSchema = (): JsonSchema.JsonSchema => titled("prefloop mixture", MixtureFile)
