import { assert, layer } from "@effect/vitest"
import { Effect, Exit, FileSystem, Layer, Path } from "effect"
import { readdirSync, readFileSync } from "node:fs"
import {
  checkInputs,
  checkTraining,
  compile,
  Progress,
  readPipeline,
  readTrainFile,
  runPipeline,
  RunStore,
  trainAlone
} from "../../src/pipeline/mod.ts"
import { sinks } from "../../src/telemetry/mod.ts"
import { bytesOf } from "../cli/bytesOf.ts"
import { Services } from "../recordings.ts"
import { messageOf } from "./small.ts"
import { stopAt } from "./stopAt.ts"

type Stop = Parameters<typeof stopAt>[0]

const folders = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const root = yield* files.makeTempDirectoryScoped()
  return (name: string) => join(root, name)
})

/** One command `prefloop run` of a short pipeline, with real models: 2 steps of every phase, a state after each. */
const runIn = Effect.fnUntraced(function* (folder: string, stop: Stop) {
  const sets = [
    "iterations=1",
    "prompts.perIteration=16",
    "prompts.limit=16",
    "evaluate.responses=1",
    "models.policy.sft.data.limit=64",
    "models.policy.sft.saveEvery=1",
    "models.reward.bradleyTerry.saveEvery=1",
    "train.saveEvery=1",
    "train.lora={ rank: 2 }"
  ]
  const checked = yield* checkInputs(yield* compile(yield* readPipeline("pipelines/quickstart.tiny.yaml", sets)))
  const run = { name: "tiny", seed: 0, versions: {}, pipelineFile: "", pipeline: checked.file }
  const store = RunStore.layer({ folder, fresh: false, run }).pipe(Layer.provideMerge(Progress.silent))
  return yield* Effect.provide(runPipeline(checked), Layer.merge(store, stopAt(stop)))
})

/** One command `prefloop train` of the tiny training, with a state every 2 of its 8 steps, and held-out pairs. */
const trainInto = Effect.fnUntraced(function* (into: string, stop: Stop, sets: ReadonlyArray<string> = []) {
  const heldOut = "heldOut={ data: { path: fixtures/garden/preferences.jsonl, limit: 3 }, every: 3 }"
  const assignments = [`into=${into}`, heldOut, ...sets]
  const written = yield* readTrainFile({ path: "pipelines/dpo.train.tiny.yaml", assignments })
  const checked = yield* checkTraining(written)
  return yield* trainAlone(checked, { sinks: [sinks.jsonLines], onAudit: () => Effect.void }).pipe(
    Effect.provide(Layer.merge(stopAt(stop), Progress.silent))
  )
})

const phases = ["models/sft", "models/reward", "iteration-1/policy"]

layer(Services)("resume", (it) => {
  it.effect("runPipeline() stopped inside of each phase goes on there to the bytes of an unbroken run", () =>
    Effect.gen(function* () {
      const at = yield* folders
      yield* runIn(at("whole"), {})
      const told: Array<string> = []
      const tell = (what: string) => void told.push(what)
      for (const phase of phases) {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(runIn(at("broken"), { phase, step: 2, tell }))))
        assert.include(readdirSync(at("broken"), { recursive: true, encoding: "utf8" }), `${phase}.state`)
      }
      yield* runIn(at("broken"), { tell })
      // the second step of each is taken twice, since it was stopped before its state was written; the first is not
      for (const phase of phases) {
        const steps = told.filter((what) => what.startsWith(phase)).slice(0, 3)
        assert.deepStrictEqual(steps, [`${phase} 1`, `${phase} 2`, `${phase} 2`])
      }
      assert.deepStrictEqual(bytesOf(at("broken")), bytesOf(at("whole")))
      for (const phase of phases) assert.include(readdirSync(`${at("whole")}/${phase}`), "audit.json")
    }).pipe(Effect.scoped)
  )

  it.effect("trainAlone() stopped between two states goes on from the earlier one to the same bytes", () =>
    Effect.gen(function* () {
      const at = yield* folders
      const whole = yield* trainInto(at("whole"), {})
      assert.isTrue(Exit.isFailure(yield* Effect.exit(trainInto(at("broken"), { phase: "dpo", step: 5 }))))
      assert.isFalse(readdirSync(at("")).includes("broken"))
      const told: Array<string> = []
      const broken = yield* trainInto(at("broken"), { tell: (what) => void told.push(what) })
      assert.deepStrictEqual(told, ["dpo 5", "dpo 6", "dpo 7", "dpo 8"])
      assert.deepStrictEqual({ ...broken, into: "", log: "" }, { ...whole, into: "", log: "" })
      for (const part of ["", ".log"]) assert.deepStrictEqual(bytesOf(at(`broken${part}`)), bytesOf(at(`whole${part}`)))
      assert.deepStrictEqual(readdirSync(at("")).toSorted(), ["broken", "broken.log", "whole", "whole.log"])
      const steps = readFileSync(at("broken.log/metrics.jsonl"), "utf8").trimEnd().split("\n")
      assert.strictEqual(steps.length, 8)
    }).pipe(Effect.scoped)
  )

  it.effect("trainAlone() refuses a state of other settings, and names its file", () =>
    Effect.gen(function* () {
      const at = yield* folders
      yield* Effect.exit(trainInto(at("dpo"), { phase: "dpo", step: 5 }))
      const message = yield* messageOf(trainInto(at("dpo"), {}, ["optimizer.adamW.learningRate=1.0e-3"]))
      assert.strictEqual(
        message,
        `Cannot run "pipelines/dpo.train.tiny.yaml": Cannot train from "fixtures/model/untied-scaled-sharded": "${at("dpo.state")}" holds step 4 of a run with other data or settings; use those, or remove the file to begin again`
      )
    }).pipe(Effect.scoped)
  )
})
