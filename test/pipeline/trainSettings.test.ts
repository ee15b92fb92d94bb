import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { checkText, messageOf, readText, smallPipeline, withFiles } from "./small.ts"

const withTrain = (keys: string) => smallPipeline.replace("train: { ", `train: { ${keys}, `)

const reads = (keys: string, wanted: unknown) =>
  Effect.map(readText(withTrain(keys)), ({ file: { train } }) =>
    assert.deepStrictEqual(JSON.parse(JSON.stringify({ optimizer: train.optimizer, schedule: train.schedule })), wanted)
  ).pipe(withFiles)

const refuses = (keys: string, message: string) =>
  Effect.map(messageOf(readText(withTrain(keys))), (found) =>
    assert.strictEqual(found, `Cannot read "small.yaml": ${message}`)
  ).pipe(withFiles)

it.effect("train takes another optimizer, its numbers filled in, and warm-up steps in place of the paper's ratio", () =>
  reads("optimizer: { lion: { learningRate: 1.0e-7 } }, schedule: { cosine: { warmupSteps: 10, minimumRatio: 0.1 } }", {
    optimizer: { lion: { learningRate: 1e-7, beta1: 0.9, beta2: 0.99, weightDecay: 0 } },
    schedule: { cosine: { warmupSteps: 10, minimumRatio: 0.1 } }
  })
)

it.effect("train gives RMSProp the paper's rate, and a schedule its warm-up", () =>
  reads("optimizer: { rmsProp: {} }, schedule: { linear: {} }", {
    optimizer: { rmsProp: { learningRate: 5e-7, alpha: 0.99, momentum: 0, epsilon: 1e-8, weightDecay: 0 } },
    schedule: { linear: { warmup: 0.03 } }
  })
)

it.effect("train refuses warm-up as a ratio and as steps", () =>
  refuses(
    "schedule: { linear: { warmup: 0.1, warmupSteps: 10 } }",
    "15:22 train.schedule.linear: expected one of the keys warmup, warmupSteps, found both"
  )
)

it.effect("train refuses Lion without a rate", () =>
  refuses("optimizer: { lion: {} }", "15:23 train.optimizer.lion.learningRate: is missing")
)

it.effect("train refuses an optimizer that is not in the table, and names those that are", () =>
  refuses(
    "optimizer: { adamw: {} }",
    '15:23 train.optimizer.adamw: unknown key, did you mean "adamW"? (known: adamW, rmsProp, lion)'
  )
)

it.effect("train refuses two optimizers", () =>
  refuses(
    "optimizer: { adamW: {}, rmsProp: {} }",
    "15:10 train.optimizer: expected exactly one of the keys adamW, rmsProp, lion"
  )
)

it.effect("train refuses Lion with a decay that would forget its mean", () =>
  refuses(
    "optimizer: { lion: { learningRate: 1.0e-7, beta2: 0 } }",
    "15:53 train.optimizer.lion.beta2: expected a value greater than 0, got 0"
  )
)

it.effect("train takes an adapter, packing, memory and a rhythm of saving, and the keys of a policy's loss", () =>
  Effect.gen(function* () {
    const keys =
      "lora: { rank: 4, alpha: 8, targets: [q_proj] }, blockLength: 64, memoryBudget: 2GB, saveEvery: 5, weighting: wpo, lengthDesensitized: 0.5, afterEnd: learn"
    const { file } = yield* readText(withTrain(keys))
    const { afterEnd, blockLength, lengthDesensitized, lora, memoryBudget, saveEvery, weighting } = file.train
    assert.deepStrictEqual(
      JSON.parse(JSON.stringify([afterEnd, blockLength, lengthDesensitized, lora, memoryBudget, saveEvery, weighting])),
      ["learn", 64, 0.5, { rank: 4, alpha: 8, targets: ["q_proj"], rankStabilized: false }, 2e9, 5, "wpo"]
    )
  }).pipe(withFiles)
)

it.effect("train refuses to keep an adapter by itself: the next step of a loop wants a whole model", () =>
  refuses("lora: { merge: false }", "15:18 train.lora.merge: unknown key, known: rank, alpha, targets, rankStabilized")
)

it.effect("train refuses a target that the model has no layer for", () =>
  Effect.map(messageOf(checkText(withTrain("lora: { targets: [q_proj, query] }"))), (found) =>
    assert.match(
      found,
      /^Cannot check "small": 15:\d+ train\.lora\.targets\.1: the model has no layer "query", known: q_proj, k_proj, v_proj/
    )
  ).pipe(withFiles)
)
