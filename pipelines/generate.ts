// Writes pipelines/pipeline.schema.json, which editors read: node pipelines/generate.ts
import { writeFileSync } from "node:fs"
import { pipelineSchema } from "../src/pipeline/mod.ts"

writeFileSync(new URL("pipeline.schema.json", import.meta.url), `${JSON.stringify(pipelineSchema(), undefined, 2)}\n`)
