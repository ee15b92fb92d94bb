import { readFileSync } from "node:fs"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { adapterRuns } from "../../fixtures/training/writeAdapters.ts"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { loraScale } from "../../src/model/mod.ts"
import {
  type Encoded,
  makeGradientNorm,
  makeStep,
  makeUpdate,
  type ObjectiveChoice,
  objectiveOf,
  optimizerOf,
  totalsOf,
  train,
  TrainingError,
  type TrainRequest
} from "../../src/training/mod.ts"
import { openTraining } from "../../src/training/openTraining.ts"
import { trainedModel } from "../../src/training/trainedModel.ts"
import { loadFloat32, readSafetensors } from "../../src/runtime/mod.ts"
import { distance, recordings, Services } from "../recordings.ts"
import { roomy } from "./openStep.ts"
import { bytesOf, request, weightsOf } from "./request.ts"
import { referred } from "./tokens.ts"

interface RecordedSteps {
  readonly start: Readonly<Record<string, ReadonlyArray<number>>>
  readonly steps: ReadonlyArray<{ readonly loss: number; readonly grad_norm: number }>
  readonly weights: Readonly<Record<string, ReadonlyArray<number>>>
}

interface RecordedAdapter {
  readonly said: ReadonlyArray<number>
  readonly loaded: ReadonlyArray<string>
}

/** What PEFT computed: see fixtures/training/record_lora.py. */
const recorded: Readonly<Record<"causal" | "reward", RecordedAdapter>> &
  Readonly<Record<"sft" | "dpo" | "bradleyTerry", RecordedSteps>> = JSON.parse(
  readFileSync("fixtures/training/lora.json", "utf8")
)

const { training } = recordings

const pairs: ReadonlyArray<Encoded> = training.pairs.map((pair, i) => ({
  promptId: String(i),
  sequences: pair.map((ids) => ({ ids: Int32Array.from(ids), promptLength: training.promptLength })),
  reference: []
}))

/** Float32 logits of a few tens through two layers, and seven decimals in the recording. */
const SAID = 2e-4

/** Float32 gradients summed in another order, over four steps of AdamW that divides by their root. */
const STEPS = 2e-3

/** The lora of a request that has one. */
const loraOf = ({ lora }: Pick<TrainRequest, "lora">) => {
  if (!lora) throw new RangeError("The request trains no adapter")
  return lora
}

const open = Effect.fnUntraced(function* (
  choice: ObjectiveChoice,
  from: string,
  lora: TrainRequest["lora"] | undefined
) {
  const objective = yield* Effect.fromResult(objectiveOf(choice))
  const checkpoint = yield* openCheckpoint(from)
  const { learningRate, weightDecay } = training
  const optimizer = optimizerOf({ adamW: { learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay } })
  const fail = (reason: TrainingError["reason"]) => new TrainingError({ model: from, reason })
  const { config } = checkpoint
  const shape = trainedModel({ config, kind: objective.kind, contextLength: 64, ...(lora ? { lora } : {}) })
  const opened = yield* openTraining({ checkpoint, shape, optimizer, request: { seed: 0 }, fail })
  const step = yield* makeStep({ objective, model: opened.model, memory: roomy })
  const put = (weights: ReadonlyMap<string, { readonly data: ArrayLike<number> }>) => {
    for (const [name, { data }] of weights) opened.store.weights().get(name)?.data.set(data)
  }
  return { ...opened, objective, optimizer, step, put }
})

/** What a model says of every recorded sequence: log π of the response, or the reward. */
const saidOf = Effect.fnUntraced(function* ({ objective, step, tensors }: Effect.Success<ReturnType<typeof open>>) {
  const { block, spoken } = yield* step.answer(pairs, tensors)
  if (objective.kind === "reward") return Array.from(spoken.said)
  return Array.from({ length: block.starts.length - 1 }, (_, i) =>
    spoken.said.subarray(block.starts[i], block.starts[i + 1]).reduce((sum, x) => sum + x, 0)
  )
})

const choices = {
  causal: chooseLoss("dpo", { klCoefficient: 0.1 }),
  reward: chooseLoss("bradleyTerry", {})
} as const

const adapterPrefix = "base_model.model."

/** The weights of an adapter folder by the names that they have in their model. */
const weightsOfAdapter = Effect.fnUntraced(function* (folder: string) {
  const { entries } = yield* readSafetensors(`${folder}/adapter_model.safetensors`)
  const weights = new Map<string, { readonly shape: ReadonlyArray<number>; readonly data: Float32Array }>()
  for (const [name, entry] of entries) {
    assert.isTrue(name.startsWith(adapterPrefix), name)
    weights.set(name.slice(adapterPrefix.length), { shape: entry.shape, data: yield* loadFloat32(entry) })
  }
  return weights
})

layer(Services)("an adapter folder", (it) => {
  for (const kind of ["causal", "reward"] as const) {
    const committed = `fixtures/training/adapters/${kind}`
    const run = adapterRuns[kind]

    it.effect(`of a ${kind} model holds what PEFT loads, and is written again the same`, () =>
      Effect.gen(function* () {
        const { fs, path, into } = yield* request
        yield* train({ ...run, into })
        const config = (folder: string) => fs.readFileString(path.join(folder, "adapter_config.json"))
        assert.strictEqual(yield* config(into), yield* config(committed))
        const [found, wanted] = [yield* weightsOfAdapter(into), yield* weightsOfAdapter(committed)]
        assert.deepStrictEqual([...found.keys()].toSorted(), recorded[kind].loaded)
        for (const [name, { data, shape }] of wanted) {
          assert.deepStrictEqual(found.get(name)?.shape, shape)
          assert.isBelow(distance(found.get(name)?.data ?? [], data), SAID, name)
        }
      })
    )

    it.effect(`of a ${kind} model says in a step what it says in PEFT`, () =>
      Effect.gen(function* () {
        const opened = yield* open(choices[kind], run.from, run.lora)
        opened.put(yield* weightsOfAdapter(committed))
        assert.isBelow(distance(yield* saidOf(opened), recorded[kind].said), SAID)
      }).pipe(Effect.scoped)
    )

    it.effect(`of a ${kind} model merges into base + scale·B·A, which says the same`, () =>
      Effect.gen(function* () {
        const { into } = yield* request
        yield* train({ ...run, into, lora: { ...loraOf(run), merge: true } })
        const opened = yield* open(choices[kind], into, undefined)
        assert.isBelow(distance(yield* saidOf(opened), recorded[kind].said), 2 * SAID)
        const [base, merged, adapter] = [
          yield* weightsOf(run.from),
          yield* weightsOf(into),
          yield* weightsOfAdapter(committed)
        ]
        assert.deepStrictEqual([...merged.keys()].toSorted(), [...base.keys()].toSorted())
        for (const [name, { data, shape }] of base) {
          const layerName = name.replace(/\.weight$/, "")
          const [a, b] = [adapter.get(`${layerName}.lora_A.weight`), adapter.get(`${layerName}.lora_B.weight`)]
          const found = merged.get(name)?.data ?? []
          if (a && b) {
            const [, columns = 1] = shape
            const { rank } = loraOf(run)
            const wanted = Array.from(data, (x, i) => {
              const [row, column] = [Math.floor(i / columns), i % columns]
              const product = Array.from(
                { length: rank },
                (_, k) => Number(b.data[row * rank + k]) * Number(a.data[k * columns + column])
              )
              return x + loraScale(loraOf(run)) * product.reduce((sum, y) => sum + y, 0)
            })
            assert.isBelow(distance(found, wanted), SAID, name)
          } else if (name !== "score.weight") {
            assert.deepStrictEqual<unknown>(found, data, name) // bit for bit
          }
        }
      }).pipe(Effect.scoped)
    )
  }

  it.effect("leaves the base as it is while an adapter is trained", () =>
    Effect.gen(function* () {
      const lora = { rank: 2, alpha: 4, rankStabilized: false, targets: "all", merge: false } as const
      const opened = yield* open(choices.causal, adapterRuns.causal.from, lora)
      const before = new Map([...opened.frozenWeights].map(([name, { data }]) => [name, data.slice()]))
      yield* take(opened, pairs.slice(0, 4), 1)
      for (const [name, data] of before) assert.deepStrictEqual(opened.frozenWeights.get(name)?.data, data, name)
      assert.deepStrictEqual(
        [...opened.store.weights().keys()].filter((name) => !/\.lora_[AB]\.weight$/.test(name)),
        []
      )
    }).pipe(Effect.scoped)
  )
})

/** One optimizer step on some examples. */
const take = Effect.fnUntraced(function* (
  { optimizer, step, store, tensors }: Effect.Success<ReturnType<typeof open>>,
  examples: ReadonlyArray<Encoded>,
  count: number
) {
  store.zeroGradients()
  const { loss } = yield* step.train(examples, tensors, { totals: totalsOf(examples), runningReward: 0 })
  const grad_norm = yield* yield* makeGradientNorm(store)
  const update = yield* makeUpdate(store, optimizer)
  const gradientScale = Math.min(1, 1 / (grad_norm + 1e-6))
  yield* update({ step: count, learningRate: optimizer.learningRate, gradientScale })
  return { loss, grad_norm }
})

const lowRank = (rank: number, alpha: number, rankStabilized: boolean, ...targets: ReadonlyArray<string>) => ({
  rank,
  alpha,
  rankStabilized,
  targets,
  merge: false
})

const policy = adapterRuns.causal.from

layer(Services)("steps of low-rank training", (it) => {
  for (const [name, choice, from, lora] of [
    ["sft", { sft: {} }, policy, lowRank(4, 8, false, "q_proj", "v_proj")],
    ["dpo", choices.causal, policy, lowRank(4, 8, true, "o_proj", "down_proj")],
    ["bradleyTerry", choices.reward, adapterRuns.reward.from, lowRank(2, 6, false, "k_proj", "up_proj")]
  ] as const) {
    it.effect(`of ${name} give PEFT's losses, norms and weights`, () =>
      Effect.gen(function* () {
        const opened = yield* open(choice, from, lora)
        const { objective, step, tensors } = opened
        const { start, steps, weights } = recorded[name]
        opened.put(new Map(Object.entries(start).map(([weight, data]) => [weight, { data }])))
        const examples = objective.reference
          ? yield* referred(pairs, { step, tensors, objective, microBatchSize: 4 })
          : pairs
        for (const [i, [first, last]] of training.groups.entries()) {
          const { grad_norm, loss } = yield* take(opened, examples.slice(first, last), i + 1)
          const wanted = steps[i] ?? { loss: Number.NaN, grad_norm: Number.NaN }
          assert.closeTo(loss, wanted.loss, STEPS * wanted.loss, `step ${i + 1}`)
          assert.closeTo(grad_norm, wanted.grad_norm, STEPS * wanted.grad_norm, `step ${i + 1}`)
        }
        assert.deepStrictEqual([...opened.store.weights().keys()].toSorted(), Object.keys(weights).toSorted())
        for (const [weight, values] of Object.entries(weights)) {
          const found = opened.store.weights().get(weight)?.data.subarray(0, values.length) ?? []
          assert.isBelow(distance(found, values), 5e-4, weight)
        }
      }).pipe(Effect.scoped)
    )
  }
})

layer(Services)("train() with an adapter", (it) => {
  it.effect("begins DPO at ln 2, gives the same bytes twice, and refuses names of layers that do not exist", () =>
    Effect.gen(function* () {
      const { fs, into, made, steps } = yield* request
      const lora = { rank: 2, alpha: 4, rankStabilized: false, targets: "all", merge: true } as const
      yield* train({ ...made, lora })
      assert.closeTo(steps[0]?.loss ?? 0, Math.LN2, 1e-4)
      assert.isBelow(steps[5]?.loss ?? 1, Math.LN2)
      const first = yield* bytesOf(into)
      yield* train({ ...made, lora })
      assert.strictEqual(yield* bytesOf(into), first)
      yield* fs.remove(into, { recursive: true })
      const known = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
        .map((each) => `"${each}"`)
        .join(", ")
      const refused = (targets: ReadonlyArray<string>) =>
        Effect.map(Effect.flip(train({ ...made, lora: { ...lora, targets } })), ({ message }) => message)
      assert.strictEqual(
        yield* refused(["q_proj", "qkv_proj"]),
        `Cannot train from "${made.from}": the model has no linear layer "qkv_proj" to adapt, wanted some of ${known}`
      )
      assert.strictEqual(
        yield* refused([]),
        `Cannot train from "${made.from}": found no layer to adapt, wanted some of ${known}`
      )
      assert.isFalse(yield* fs.exists(into))
    })
  )
})
