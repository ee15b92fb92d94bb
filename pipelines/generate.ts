// Writes the JSON Schemas of this folder, which editors read: node pipelines/generate.ts
import { writeFileSync } from "node:fs"
import { mixtureSchema, pipelineSchema, trainSchema } from "../src/pipeline/mod.ts"

const write = (name: string, schema: unknown) =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(schema, undefined, 2)}\n`)

write("mixture.schema.json", mixtureSchema())
write("pipeline.schema.json", pipelineSchema())
write("train.schema.json", trainSchema())
