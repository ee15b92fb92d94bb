import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, Stream } from "effect"
import { Prompt, Seed } from "../../schemas/mod.ts"
import { fromRows, readArrowMetadata, writeArrow } from "../../src/arrow/mod.ts"
import type { CheckedPipeline } from "../../src/pipeline/check/checkInputs.ts"
import { promptFile } from "../../src/pipeline/loop/promptFile.ts"
import { Progress, promptSlice, RunStore } from "../../src/pipeline/mod.ts"
import { withFiles } from "./small.ts"

const quiet = Layer.succeed(
  Progress,
  Progress.of({ phase: () => Effect.succeed(() => Effect.void), note: () => Effect.void, warn: () => Effect.void })
)
const run = { name: "small", seed: 0, versions: { prefloop: "0" }, pipelineFile: "small.yaml", pipeline: {} }

const promptAt = (i: number): Prompt => ({ promptId: `p${i}`, messages: [{ role: "user", content: `é${i}` }] })

/** `count` prompts that hear of every reading of their source, and what the run asks of them. */
const asked = (count: number, iterations: number, perIteration: number) => {
  const readings: Array<number> = []
  const pick: CheckedPipeline["prompts"]["pick"] = (places) =>
    Stream.suspend(() => {
      readings.push(places.length)
      return Stream.map(Stream.fromIterable(places), promptAt)
    })
  const prompts = { length: count, hash: `of ${count}`, pick, overlong: 0, found: [], issues: [] }
  const batchSizes = { stage: 2 } as CheckedPipeline["file"]["batchSizes"] // as: the other sizes are not asked for
  const from = { perIteration } as CheckedPipeline["file"]["prompts"] // as: where the prompts lie is not asked for
  return { readings, pipeline: { prompts, file: { batchSizes, iterations, prompts: from, seed: Seed.make(3) } } }
}

const cases = [
  ["enough prompts", 40, 3, 5, [15]],
  ["prompts that come again", 7, 4, 3, [7]],
  ["fewer prompts than one iteration wants", 3, 2, 5, [3]]
] as const

it.effect.each(cases)(
  "promptFile() gives the drawn prompts to the byte and reads their source once for all iterations: %s",
  ([, count, iterations, perIteration, once]) =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const folder = yield* files.makeTempDirectoryScoped()
      const { pipeline, readings } = asked(count, iterations, perIteration)
      const visit = (iteration: number) =>
        Effect.provide(
          promptFile(pipeline, iteration),
          RunStore.layer({ folder: `${folder}/run`, fresh: false, run }).pipe(Layer.provideMerge(quiet))
        )
      for (let iteration = 1; iteration <= iterations; iteration++) {
        const { artefact, rows } = yield* visit(iteration)
        const { places } = promptSlice(count, { perIteration, seed: 3, iteration })
        const direct = asked(count, iterations, perIteration).pipeline.prompts.pick(places, "")
        yield* direct.pipe(
          Stream.grouped(2),
          Stream.map((group) => fromRows(Prompt, group)),
          writeArrow(`${folder}/direct.arrow`, Prompt, yield* readArrowMetadata(artefact.path))
        )
        assert.strictEqual(rows, places.length)
        assert.deepStrictEqual(yield* files.readFile(artefact.path), yield* files.readFile(`${folder}/direct.arrow`))
      }
      assert.deepStrictEqual<ReadonlyArray<number>>(readings, once)
    }).pipe(Effect.scoped, withFiles)
)

it.effect("promptFile() reads the source again for iterations that are added to a run", () =>
  Effect.gen(function* () {
    const files = yield* FileSystem.FileSystem
    const folder = `${yield* files.makeTempDirectoryScoped()}/run`
    const layer = RunStore.layer({ folder, fresh: false, run }).pipe(Layer.provideMerge(quiet))
    const [two, three] = [asked(9, 2, 3), asked(9, 3, 3)]
    for (const [{ pipeline }, iteration] of [
      [two, 1],
      [two, 2],
      [three, 2],
      [three, 3]
    ] as const)
      yield* Effect.provide(promptFile(pipeline, iteration), layer)
    assert.deepStrictEqual([two.readings, three.readings], [[6], [9]])
  }).pipe(Effect.scoped, withFiles)
)
