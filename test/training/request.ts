import { Effect, FileSystem, Path } from "effect"
import type { Metrics, Preference } from "../../schemas/mod.ts"
import { openCheckpoint, writeCheckpoint } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { loadFloat32, readCheckpointFiles } from "../../src/runtime/mod.ts"
import type { TrainRequest } from "../../src/training/mod.ts"

/** A tiny policy. */
export const model = "fixtures/model/untied-scaled-sharded"
const words = ["crab", "anchor", "oak", "fox", "violin", "taxi"]

/** Ten pairs of unequal lengths. */
export const preferences = Array.from({ length: 10 }, (_, i): Preference => ({
  promptId: `p${i}`,
  messages: [{ role: "user", content: `name two words from the ${words[i % words.length]}` }],
  chosen: words.slice(0, 1 + (i % 4)).join(" "),
  rejected: words.slice(3, 4 + (i % 3)).join(" "),
  margin: 1
}))

/** Six steps of DPO on the ten pairs, and what they log. */
export const request = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const into = path.join(yield* fs.makeTempDirectoryScoped(), "trained")
  const steps: Array<Metrics> = []
  const made: TrainRequest = {
    objective: chooseLoss("dpo", { klCoefficient: 0.1 }),
    from: model,
    reference: model,
    examples: preferences,
    into,
    optimizer: { adamW: { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
    maxGradientNorm: 1,
    schedule: { constant: { warmup: 0 } },
    batchSize: 4,
    microBatchSize: 4,
    epochs: 2,
    maxTokens: 64,
    lengthPolicy: "error",
    seed: 3,
    phase: "dpo",
    onStep: (metrics) => Effect.sync(() => void steps.push(metrics))
  }
  return { fs, path, into, steps, made }
})

/** The weights that a run wrote, byte for byte. */
export const bytesOf = (folder: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    return Buffer.from(yield* fs.readFile(path.join(folder, "model.safetensors"))).toString("base64")
  })

/** The weights of a model folder. */
export const weightsOf = Effect.fnUntraced(function* (folder: string) {
  const weights = new Map<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>()
  for (const [name, entry] of yield* readCheckpointFiles(folder)) {
    weights.set(name, { shape: entry.shape, data: yield* loadFloat32(entry) })
  }
  return weights
})

/** A copy of the tiny policy in which one weight is filled with a number. */
export const damagedModel = Effect.fnUntraced(function* (into: string, name: string, value: number) {
  const { kind, configFile, tokenizer } = yield* openCheckpoint(model)
  const weights = yield* weightsOf(model)
  weights.get(name)?.data.fill(value)
  return yield* writeCheckpoint({ into, kind, configFile, files: tokenizer.files, weights })
})
