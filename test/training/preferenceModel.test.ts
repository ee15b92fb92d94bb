import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path, Result } from "effect"
import type { Audit, Metrics, Preference as PreferenceRow } from "../../schemas/mod.ts"
import { localPreference, Preference } from "../../src/judge/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { preferenceExample } from "../../src/text/mod.ts"
import { train, type TrainRequest } from "../../src/training/mod.ts"
import { comparisons, model, training } from "../judge/recorded.ts"
import { Services } from "../recordings.ts"

const others = ["anchor", "oak", "fox", "taxi", "violin", "wave", "moss", "tram", "harp"]

/** Two responses of one to three words, of which the better one has a crab somewhere. */
const pairOf = (promptId: string): PreferenceRow => {
  const draw = (what: string, n: number) => Math.floor(n * uniform(key(1, promptId, what), 0))
  const wordsOf = (what: string) =>
    Array.from({ length: 1 + draw(what, 3) }, (_, i) => others[draw(`${what}${i}`, others.length)] ?? "")
  const better = wordsOf("better")
  better[draw("place", better.length)] = "crab"
  return {
    promptId,
    messages: [{ role: "user", content: draw("ask", 2) === 0 ? "list" : "name" }],
    chosen: better.join(" "),
    rejected: wordsOf("worse").join(" "),
    margin: 1
  }
}

const pairs = (name: string, count: number) => Array.from({ length: count }, (_, i) => pairOf(`${name}${i}`))

const request = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const into = path.join(yield* fs.makeTempDirectoryScoped(), "trained")
  const steps: Array<Metrics> = []
  const audits: Array<Audit> = []
  const made: TrainRequest = {
    objective: { preferenceModel: {} },
    from: model,
    examples: pairs("learned", 8),
    into,
    optimizer: { adamW: { learningRate: 1e-9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
    maxGradientNorm: 1,
    schedule: { constant: { warmup: 0 } },
    batchSize: 64,
    microBatchSize: 64,
    epochs: 1,
    maxTokens: 64,
    lengthPolicy: "error",
    seed: 3,
    phase: "preferenceModel",
    onStep: (metrics) => Effect.sync(() => void steps.push(metrics)),
    onAudit: (audit) => Effect.sync(() => void audits.push(audit))
  }
  return { into, steps, audits, made }
})

/** Float32 log-probabilities and gradients, summed in another order; relative where they are larger than 1. */
const tolerance = 1e-5

/** The recorded comparisons of which one is better, as examples: the first response is. */
const recorded = comparisons.filter(({ first, second }) => first !== second)
const recordedRows = recorded.map(({ first, messages, second }, i): PreferenceRow => ({
  promptId: `p${i}`,
  messages,
  chosen: first,
  rejected: second,
  margin: 1
}))

/** What transformers says of each: log P of the right and of the wrong letter, in the order that the seed draws. */
const recordedAnswers = (seed: number) =>
  recorded.map(({ add }, row) => {
    const example = recordedRows[row]
    const { letter } = Result.getOrThrow(preferenceExample(example ?? pairOf(""), { seed, row }))
    const [a, b] = letter === "A" ? add.forward.logps : add.swapped.logps
    return letter === "A" ? { letter, right: a, wrong: b } : { letter, right: b, wrong: a }
  })

const mean = (values: ReadonlyArray<number>) => values.reduce((sum, value) => sum + value, 0) / values.length

layer(Services)("train() of a preference model", (it) => {
  it.effect(
    "measures PyTorch's cross-entropy, its gradient's norm, and the accuracy of the letter, whichever it is",
    () =>
      Effect.gen(function* () {
        const letters = new Set<string>()
        for (const seed of [3, 4]) {
          const { audits, made, steps } = yield* request
          yield* train({ ...made, seed, examples: recordedRows })
          const answers = recordedAnswers(seed)
          answers.forEach(({ letter }) => letters.add(letter))
          const [found] = steps
          const [right, wrong] = [mean(answers.map((each) => each.right)), mean(answers.map((each) => each.wrong))]
          const pytorch = training[answers.map(({ letter }) => letter).join("")]
          const measured = [
            [found?.loss, pytorch?.loss ?? Number.NaN],
            [found?.grad_norm, pytorch?.grad_norm ?? Number.NaN],
            [found?.loss, -right],
            [found?.["logps/chosen"], right],
            [found?.["logps/rejected"], wrong],
            [found?.["rewards/margins"], right - wrong],
            [found?.["rewards/accuracies"], mean(answers.map((each) => (each.right > each.wrong ? 1 : 0)))]
          ] as const
          for (const [value, wanted] of measured) {
            assert.closeTo(value ?? Number.NaN, wanted, tolerance * Math.max(1, Math.abs(wanted)))
          }
          const tokens = recorded.reduce((sum, { add }) => sum + add.forward.ids.length + 1, 0) // a question and its letter
          const { kept, sequences } = audits[0] ?? {}
          assert.deepStrictEqual([kept, sequences, found?.num_tokens], [3, 3, tokens])
        }
        assert.deepStrictEqual([...letters].toSorted(), ["A", "B"])
      })
  )

  it.effect("packs several questions into a row: the same loss, and gradient, as one by one", () =>
    Effect.gen(function* () {
      const long = { ...pairOf("long"), rejected: "oak ".repeat(40).trim() } // so long that two others fit beside each other
      const examples = [long, ...pairs("short", 6)]
      const found: Array<ReadonlyArray<number>> = []
      for (const way of [{ microBatchSize: 1 }, { blockLength: 64 }, { blockLength: 64, microBatchSize: 1 }]) {
        const { made, steps } = yield* request
        yield* train({ ...made, ...way, examples })
        found.push(steps.flatMap(({ grad_norm, loss }) => [loss, grad_norm]))
      }
      const [alone = [], ...packed] = found
      assert.strictEqual(alone.length, 2)
      for (const numbers of packed) {
        assert.strictEqual(numbers.length, 2)
        numbers.forEach((value, i) => assert.closeTo(value / (alone[i] ?? Number.NaN), 1, tolerance))
      }
    })
  )

  it.effect("learns which response has the crab: right on held-out pairs, in both orders", () =>
    Effect.gen(function* () {
      const { into, made, steps } = yield* request
      const heldOut = pairs("held out", 100)
      yield* train({
        ...made,
        examples: pairs("learned", 800),
        optimizer: { adamW: { learningRate: 5e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } },
        schedule: { cosine: { warmup: 0.03 } },
        batchSize: 16,
        microBatchSize: 16,
        epochs: 3,
        heldOut: { examples: heldOut, every: 1000 }
      })
      const last = steps.at(-1)
      assert.isAbove(last?.["eval_rewards/accuracies"] ?? 0, 0.9)
      const chances = yield* Effect.flatMap(Preference, ({ prefer }) =>
        prefer([
          ...heldOut.map(({ chosen, messages, rejected }) => ({ messages, first: chosen, second: rejected })),
          ...heldOut.map(({ chosen, messages, rejected }) => ({ messages, first: rejected, second: chosen }))
        ])
      ).pipe(Effect.provide(localPreference(into, { batchSize: 32 })))
      assert.isAbove(mean(chances.slice(0, 100).map((chance) => (chance > 0.5 ? 1 : 0))), 0.9)
      assert.isAbove(mean(chances.slice(100).map((chance) => (chance < 0.5 ? 1 : 0))), 0.9)
    })
  )

  it.effect("refuses a demonstration, by name", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const demonstration = { promptId: "d", messages: [{ role: "user", content: "list" } as const], response: "crab" }
      const error = yield* Effect.flip(train({ ...made, examples: [demonstration] }))
      assert.strictEqual(
        error.message,
        `Cannot train from "${model}": the loss "preferenceModel" cannot learn from example "d": found a demonstration, wanted a preference`
      )
    })
  )
})
