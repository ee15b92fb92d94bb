import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import { checkInputs, compile, pipelineSchema, readPipeline } from "../../src/pipeline/mod.ts"
import { withFiles } from "./small.ts"

const names = readdirSync("pipelines").filter((name) => name.endsWith(".yaml"))
const tiny = names.filter((name) => name.endsWith(".tiny.yaml"))

it("pipelines/pipeline.schema.json is what the schema says now (npm run generate writes it)", () => {
  const written: unknown = JSON.parse(readFileSync("pipelines/pipeline.schema.json", "utf8"))
  assert.deepStrictEqual(written, JSON.parse(JSON.stringify(pipelineSchema())))
})

it("every pipeline has a tiny twin", () => {
  const real = names.filter((name) => !tiny.includes(name))
  assert.deepStrictEqual(
    tiny.map((name) => name.replace(".tiny", "")),
    real
  )
})

it.effect.each(names)("pipelines/%s compiles", (name) =>
  Effect.gen(function* () {
    const { stages } = yield* compile(yield* readPipeline(`pipelines/${name}`))
    assert.strictEqual(stages.at(-1)?.after.includes("chosen"), true)
  }).pipe(withFiles)
)

it.effect.each(tiny)("pipelines/%s finds all it needs in this repository", (name) =>
  Effect.gen(function* () {
    const checked = yield* checkInputs(yield* compile(yield* readPipeline(`pipelines/${name}`)))
    assert.isAbove(checked.prompts.length, 0)
  }).pipe(withFiles)
)
