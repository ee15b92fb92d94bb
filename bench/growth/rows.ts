/** Peak memory of a training as `prefloop train` does it, on files of some rows that are all alike in length (`--words` a response); a few steps. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, FileSystem, Layer } from "effect"
import { initialize } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { checkData } from "../../src/pipeline/check/checkData.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type ObjectiveChoice, planTraining, train } from "../../src/training/mod.ts"
import { peakMemory } from "../measure.ts"

const shape = "fixtures/garden/model"
const megabyte = 1e6
const words = "sea crab oak fork rose desk drum tram star moss whale kettle pine comet wave apron".split(" ")

const maxSteps = 4

const flag = (name: string) => process.argv.find((option) => option.startsWith(`--${name}=`))?.slice(name.length + 3)
const count = Number(flag("rows"))
const phase = flag("phase") === "dpo" ? "dpo" : "sft"
const wordsPerResponse = Number(flag("words") ?? 24)

const response = (row: number, which: number): string =>
  Array.from({ length: wordsPerResponse }, (_, i) => words[(7 * row + 3 * i * (which + 1) + i) % words.length]).join(
    " "
  )

const rowOf = (row: number): string => {
  const begin = { promptId: `row-${row}`, messages: [{ role: "user", content: "name things from the sea" }] }
  return JSON.stringify(
    phase === "sft"
      ? { ...begin, response: response(row, 0) }
      : { ...begin, chosen: response(row, 1), rejected: response(row, 2), margin: 1 }
  )
}

const measure = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped()
  const path = `${folder}/rows.jsonl`
  for (let from = 0; from < count; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, count - from) }, (_, i) => `${rowOf(from + i)}\n`)
    yield* files.writeFileString(path, lines.join(""), { flag: "a" })
  }
  const kinds = [phase === "sft" ? "demonstrations" : "preferences"] as const
  const examples = yield* checkData({ at: () => path }, { kinds, key: ["train", "data"], source: path })
  const model = `${folder}/start`
  yield* initialize({ from: shape, into: model, seed: 0 })
  const objective: ObjectiveChoice = phase === "sft" ? { sft: {} } : chooseLoss("dpo", { klCoefficient: 0.1 })
  const request = {
    objective,
    from: model,
    reference: model,
    examples,
    into: `${folder}/model`,
    optimizer: { adamW: { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
    maxGradientNorm: 1,
    schedule: { constant: { warmup: 0 } },
    batchSize: 32,
    microBatchSize: 32,
    epochs: 1,
    maxSteps,
    maxTokens: 64,
    lengthPolicy: "error",
    seed: 0,
    phase
  } as const
  yield* train({ ...request, onStep: () => Effect.void })
  const peak = peakMemory() * 1.048576 // from MiB
  const { plan } = yield* planTraining(request)
  const { predicted } = yield* Effect.fromResult(plan)
  const file = Number((yield* files.stat(path)).size)
  const row = {
    phase,
    rows: count,
    "file MB": Number((file / megabyte).toPrecision(3)),
    "peak RSS MB": Math.round(peak),
    "predicted MB": Math.round(predicted / megabyte),
    "predicted / peak": Number((predicted / megabyte / peak).toFixed(3))
  }
  yield* Console.log(JSON.stringify(row))
}).pipe(Effect.scoped)

measure.pipe(
  Effect.provide(OnnxRuntime.layer({ threads: 2 }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
