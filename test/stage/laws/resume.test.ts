import { assert, it } from "@effect/vitest"
import { Effect, Exit, FileSystem, Layer, Stream } from "effect"
import { Prompt } from "../../../schemas/mod.ts"
import { fromRows, writeArrow } from "../../../src/arrow/mod.ts"
import { Progress, RunStore } from "../../../src/pipeline/mod.ts"
import { stageFile } from "../../../src/pipeline/loop/stageFile.ts"
import type { stages } from "../../../src/stage/mod.ts"
import { withFiles } from "../../pipeline/small.ts"
import { Synthetic } from "../echo.ts"

/** Every stage with its parameters, and the stage whose file it reads; a stage without a row does not compile. */
const chain = {
  sample: { reads: "prompts", parameters: { temperatures: [1], perTemperature: 2, maxNewTokens: 2 } },
  sampleReference: { reads: "sample", parameters: { temperatures: [1], perTemperature: 1, maxNewTokens: 2 } },
  score: { reads: "sampleReference", parameters: { lengthPenalty: 0.5 } },
  pair: {
    reads: "score",
    parameters: {
      rule: "allPairs",
      among: "all",
      dropIdentical: true,
      lengthPenalty: 0.25,
      legacyOrder: false,
      minimumMargin: 0
    }
  },
  judge: { reads: "sampleReference", parameters: { ranking: "roundRobin" } },
  filter: { reads: "pair", parameters: { minimumMargin: 0 } }
} as const satisfies Record<keyof typeof stages, unknown>

const names = Object.keys(chain) as ReadonlyArray<keyof typeof chain> // as: a literal has no other keys

const run = { name: "laws", seed: 0, versions: { prefloop: "0" }, pipelineFile: "laws.yaml", pipeline: {} }

/** Prompts in three batches, some of which the counting reward likes more. */
const prompts = ["a", "bb", "aaa", "c", "ca"].map((promptId) => ({
  promptId,
  messages: [{ role: "user", content: promptId }] as const
}))

/** Hears of batches, and stops the process after the first one of `phase`. */
const stopAt = (phase: string | undefined) =>
  Layer.succeed(
    Progress,
    Progress.of({
      phase: ({ name }) => Effect.succeed(() => (name === phase ? Effect.interrupt : Effect.void)),
      note: () => Effect.void,
      warn: () => Effect.void
    })
  )

/** All stage files, one after the other, in one process that may be stopped. */
const visit = (folder: string, phase?: string) =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const path = `${folder}/prompts.arrow`
    const batches = [0, 2, 4].map((from) => fromRows(Prompt, prompts.slice(from, from + 2)))
    yield* writeArrow(path, Prompt)(Stream.fromIterable(batches))
    const made = new Map<string, { path: string; hash: string; seconds: number }>()
    made.set("prompts", { path, hash: "prompts", seconds: 0 })
    for (const name of names) {
      const { parameters, reads } = chain[name]
      const input = made.get(reads) ?? { path, hash: "prompts", seconds: 0 }
      const step = { [name]: parameters } as never // as: one key of the union of steps, by its name
      const stage = { name, step, before: [], after: [] }
      const services = { policy: "p", reference: "r", reward: "w", preference: "o" }
      const settings = {
        iteration: 1,
        seed: 3,
        name: `${name}.arrow`,
        rows: prompts.length,
        answersPerRow: 1,
        services
      }
      made.set(name, yield* stageFile({ ...settings, stage, input }))
    }
    return yield* Effect.forEach(names, (name) => files.readFile(`${folder}/${name}.arrow`))
  }).pipe(
    Effect.provide(Layer.mergeAll(RunStore.layer({ folder, fresh: false, run }), Synthetic)),
    Effect.provide(stopAt(phase)),
    Effect.scoped
  )

it.effect(
  "every stage, killed half-way and continued through the run store, leaves the bytes of a run that was not",
  () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const whole = yield* visit(yield* files.makeTempDirectoryScoped())
      const folder = yield* files.makeTempDirectoryScoped()
      for (const name of names) {
        const exit = yield* Effect.exit(visit(folder, `${name}, iteration 1`))
        assert.isTrue(Exit.hasInterrupts(exit), name)
        assert.isFalse(yield* files.exists(`${folder}/${name}.arrow`), name)
      }
      assert.deepStrictEqual(yield* visit(folder), whole)
    }).pipe(Effect.scoped, withFiles)
)
