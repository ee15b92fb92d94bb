import { Effect, FileSystem, Layer, Path } from "effect"
import type { Metrics } from "../../schemas/mod.ts"
import { logistic, Preference } from "../../src/judge/mod.ts"
import { StepFailed, Trainers } from "../../src/pipeline/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { Policy } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"

/** What a fake model computes with: a file of text in place of weights. */
const weightsFile = "weights.txt"

/** What happens before a model is asked or trained: nothing, a delay, or a failure. `what` is "sample 1" or "train iteration-1/policy". */
export type Before = (what: string) => Effect.Effect<void, StepFailed>

/** One word of each topic of the garden, so that answers of different length differ in reward whatever was asked. */
const words = ["crab", "oak", "fork", "rose", "desk", "drum", "tram", "star"]

const step = (phase: string, i: number, total: number): Metrics => ({
  phase,
  step: i + 1,
  total_steps: total,
  epoch: (i + 1) / total,
  loss: 1 / (i + 1),
  grad_norm: 1,
  learning_rate: 0.1,
  num_tokens: i + 1,
  "rewards/accuracies": 0.5
})

/** Trainers without models: their answers are pure functions of the weights' text, the prompt and the seed. */
export const fakeTrainers = (before: Before = () => Effect.void) =>
  Layer.effect(
    Trainers,
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const { join } = yield* Path.Path
      const failed = Effect.mapError((cause: unknown) => new StepFailed({ cause }))
      const weightsOf = (folder: string) =>
        Effect.orElseSucceed(files.readFileString(join(folder, weightsFile)), () => "given")
      const write = Effect.fnUntraced(function* (into: string, from: string, weights: string) {
        yield* files.makeDirectory(into, { recursive: true })
        const names = (yield* files.readDirectory(from)).filter((name) => name.endsWith(".json"))
        yield* Effect.forEach(names, (name) => files.copyFile(join(from, name), join(into, name)))
        yield* files.writeFileString(join(into, weightsFile), weights)
      })
      return Trainers.of({
        versions: { fake: "1" },
        initialize: ({ from, into, seed }) => failed(write(into, from, `random ${seed}`)),
        train: Effect.fnUntraced(function* (request) {
          const { examples, from, into, onStep, phase, reference, resume, seed, settings } = request
          yield* before(`train ${phase}`)
          const total = Math.ceil(examples.length / settings.batchSize) * settings.epochs
          const taken = Number(yield* Effect.orElseSucceed(files.readFileString(resume.file), () => "0"))
          if (taken > 0) yield* request.onResume(taken)
          for (let i = taken; i < total; i++) {
            yield* onStep(step(phase, i, total))
            if ((i + 1) % resume.every === 0) yield* failed(files.writeFileString(resume.file, String(i + 1)))
            yield* before(`step ${i + 1} of ${phase}`)
          }
          yield* before(`trained ${phase}`)
          yield* failed(files.remove(resume.file, { force: true }))
          const parent = yield* weightsOf(from)
          const anchor = reference === undefined ? "" : `, reference (${yield* weightsOf(reference)})`
          yield* failed(write(into, from, `${phase} seed ${seed} of (${parent})${anchor} on ${examples.length}`))
          return { steps: total, dropped: {} }
        }),
        logProbabilities: ({ model, rows }) =>
          Effect.map(weightsOf(model), (weights) =>
            Float64Array.from(rows, ({ response }) => -response.text.length - weights.length / 100)
          ),
        policy: (folder) =>
          Policy.layerOf(
            Effect.fnUntraced(function* ({ iteration, perTemperature, prompts, seed, temperatures }) {
              yield* Effect.orDie(before(`sample ${iteration}`))
              const weights = yield* weightsOf(folder)
              return prompts.map((prompt) => ({
                promptId: prompt.promptId,
                messages: prompt.messages,
                responses: temperatures.flatMap((temperature, which) =>
                  Array.from({ length: perTemperature }, (_, i) => {
                    const sample = which * perTemperature + i
                    const draw = uniform(key(seed, iteration, prompt.promptId, weights), sample)
                    const text = words.slice(0, 1 + Math.floor(draw * words.length)).join(" ")
                    return { text, tokens: text.split(" ").length + 1, finish: "stop" as const, temperature, sample }
                  })
                )
              }))
            })
          ),
        reward: () => Reward.layerOf((_, response) => response.length),
        preference: () => Preference.layerOf(({ first, second }) => logistic(first.length - second.length))
      })
    })
  )
