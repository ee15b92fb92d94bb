import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Path } from "effect"
import { checkInputs, compile, readPipeline } from "../../src/pipeline/mod.ts"

/** A whole pipeline in a few lines, on the files of fixtures/garden. */
export const smallPipeline = `name: small
iterations: 2
models:
  policy:
    sft:
      from: { random: fixtures/garden/model }
      data: { path: fixtures/garden/demonstrations.jsonl, limit: 8 }
      batchSize: 4
  reward: { rule: garden }
prompts: { path: fixtures/garden/prompts.jsonl, limit: 8, perIteration: 4 }
stages:
  - sample: { temperatures: [1.0], perTemperature: 4, maxNewTokens: 8 }
  - score: {}
  - pair: {}
train: { batchSize: 2, epochs: 1 }
baseline: { offlineDpo: { data: { path: fixtures/garden/preferences.jsonl, limit: 8 } } }
evaluate: { prompts: { path: fixtures/garden/validation.jsonl, limit: 4 }, gold: garden }
select: { best: goldReward }
`

/** A folder that lives as long as the test, and a file in it. */
export const temporaryFile = Effect.fnUntraced(function* (name: string, text: string) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const path = join(yield* files.makeTempDirectoryScoped(), name)
  yield* files.writeFileString(path, text)
  return path
})

/** A pipeline read from a text, as `prefloop` reads a file. */
export const readText = Effect.fnUntraced(function* (text: string, assignments: ReadonlyArray<string> = []) {
  return yield* readPipeline(yield* temporaryFile("small.yaml", text), assignments)
})

/** A pipeline of a text that is ready to run. */
export const checkText = Effect.fnUntraced(function* (text: string, assignments: ReadonlyArray<string> = []) {
  return yield* checkInputs(yield* compile(yield* readText(text, assignments)))
})

/** The message of a failure without the path of the temporary file. */
export const messageOf = <A, E extends Error, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message.replaceAll(/"[^"]*\/small\.yaml"/g, '"small.yaml"'))

/** Runs a test with the file system, in a scope of its own. */
export const withFiles = Effect.provide(NodeServices.layer)
