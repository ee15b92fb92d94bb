import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import {
  checkInputs,
  checkTraining,
  compile,
  mixtureSchema,
  pipelineSchema,
  readPipeline,
  readTrainFile,
  trainSchema
} from "../../src/pipeline/mod.ts"
import { fileKind, readYaml } from "../../src/pipeline/file/mod.ts"
import { checkMixture, readMixture } from "../../src/pipeline/mixture/mod.ts"
import { withFiles } from "./small.ts"

const isTiny = (name: string) => name.endsWith(".tiny.yaml")
const isMix = (name: string) => readFileSync(`pipelines/${name}`, "utf8").includes("$schema=./mixture.schema.json")
const isTraining = (name: string) => /\.train(\.tiny)?\.yaml$/.test(name)

const names = readdirSync("pipelines").filter((name) => name.endsWith(".yaml"))
const mixtures = names.filter(isMix)
const pipelines = names.filter((name) => !isTraining(name) && !isMix(name))
const trainings = names.filter(isTraining)

const schemas = [
  ["mixture", mixtureSchema],
  ["pipeline", pipelineSchema],
  ["train", trainSchema]
] as const

it.each(schemas)(
  "pipelines/%s.schema.json is what the schema says now (npm run generate writes it)",
  (name, schema) => {
    const written: unknown = JSON.parse(readFileSync(`pipelines/${name}.schema.json`, "utf8"))
    assert.deepStrictEqual(written, JSON.parse(JSON.stringify(schema())))
  }
)

it("every pipeline, training and mixture has a tiny twin", () => {
  const tiny = names.filter(isTiny)
  const real = names.filter((name) => !isTiny(name))
  assert.deepStrictEqual(
    tiny.map((name) => name.replace(".tiny", "")),
    real
  )
})

it.effect.each(pipelines)("pipelines/%s compiles", (name) =>
  Effect.gen(function* () {
    const { stages } = yield* compile(yield* readPipeline(`pipelines/${name}`))
    assert.strictEqual(stages.at(-1)?.after.includes("chosen"), true)
  }).pipe(withFiles)
)

it.effect.each(mixtures)("pipelines/%s holds rules that fit its rows", (name) =>
  Effect.gen(function* () {
    yield* checkMixture(yield* readMixture(`pipelines/${name}`))
  }).pipe(withFiles)
)

it.effect.each(names)("pipelines/%s is known by its keys", (name) =>
  Effect.map(readYaml(`pipelines/${name}`, "pipeline"), ({ value }) =>
    assert.strictEqual(fileKind(value), isMix(name) ? "mixture" : isTraining(name) ? "training" : "pipeline")
  ).pipe(withFiles)
)

it.effect("readPipeline() says which command takes a file of another kind", () =>
  Effect.map(Effect.flip(readPipeline("pipelines/dpo.train.yaml")), ({ message }) =>
    assert.strictEqual(
      message,
      'Cannot read "pipelines/dpo.train.yaml": found a training file, which "prefloop train" takes, wanted a pipeline file in YAML'
    )
  ).pipe(withFiles)
)

it.effect.each(trainings)("pipelines/%s names every key as its schema does", (name) =>
  Effect.gen(function* () {
    const { phase } = yield* readTrainFile({ path: `pipelines/${name}` })
    assert.deepStrictEqual(Object.keys(phase.loss), ["dpo"])
  }).pipe(withFiles)
)

it.effect.each(pipelines.filter(isTiny))("pipelines/%s finds all it needs in this repository", (name) =>
  Effect.gen(function* () {
    const checked = yield* checkInputs(yield* compile(yield* readPipeline(`pipelines/${name}`)))
    assert.isAbove(checked.prompts.length, 0)
  }).pipe(withFiles)
)

it.effect.each(trainings.filter(isTiny))("pipelines/%s finds all it needs in this repository", (name) =>
  Effect.gen(function* () {
    const assignments = ["into=runs/none/never-made"]
    const { examples } = yield* checkTraining(yield* readTrainFile({ path: `pipelines/${name}`, assignments }))
    assert.strictEqual(examples.length, 16)
  }).pipe(withFiles)
)
