import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Layer, Path, Stream } from "effect"
import { Scored } from "../../schemas/mod.ts"
import { readArrow } from "../../src/arrow/mod.ts"
import { checkInputs, compile, Progress, readPipeline, runPipeline, RunStore } from "../../src/pipeline/mod.ts"
import { localRollout, Rollout } from "../../src/sampler/mod.ts"
import { localReward, Reward } from "../../src/scorer/mod.ts"
import { serve } from "../../src/server/mod.ts"
import { Services } from "../recordings.ts"
import { options } from "../server/open.ts"
import { fakeTrainers } from "./fakeTrainers.ts"

const Models = Layer.mergeAll(
  localRollout("fixtures/model/untied-scaled-sharded", { slots: 4 }),
  localReward("fixtures/model/reward", { batchSize: 4 })
).pipe(Layer.provideMerge(Services))

layer(Models)("pipelines/served.tiny.yaml", (it) => {
  it.effect("draws its responses from our server and has them scored there", () =>
    Effect.gen(function* () {
      const policy = { id: "untied-scaled-sharded", service: yield* Rollout }
      const models = { policy, reward: { id: "reward", service: yield* Reward }, preference: undefined }
      const url = `${yield* serve(models, options)}/v1`
      const sets = [`server=${url}`, `rewards=${url}`]
      const checked = yield* checkInputs(yield* compile(yield* readPipeline("pipelines/served.tiny.yaml", sets)))
      const folder = yield* Effect.flatMap(FileSystem.FileSystem, (files) => files.makeTempDirectoryScoped())
      const described = { name: "served", seed: 0, versions: {}, pipelineFile: "served.yaml", pipeline: checked.file }
      const store = RunStore.layer({ folder, fresh: false, run: described }).pipe(Layer.provideMerge(Progress.silent))
      yield* Effect.provide(runPipeline(checked), Layer.merge(store, fakeTrainers()))
      const { join } = yield* Path.Path
      const scored = readArrow(join(folder, "iteration-1/2-score.arrow"), Scored)
      const rows = (yield* Stream.runCollect(scored)).flatMap((batch) => batch.rows)
      // random weights end no response before its eight tokens
      assert.deepStrictEqual(
        rows.map(({ responses, rewards }) => [responses.map(({ tokens }) => tokens), rewards?.length]),
        Array.from({ length: 4 }, () => [[8, 8, 8, 8], 4])
      )
    })
  )
})
