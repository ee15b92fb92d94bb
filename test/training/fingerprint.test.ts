import { assert, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { chooseLoss } from "../../src/loss/mod.ts"
import { fingerprint } from "../../src/training/fingerprint.ts"
import { memoryOf } from "../../src/training/memoryOf.ts"
import { train, type TrainRequest } from "../../src/training/mod.ts"
import { prepare } from "../../src/training/run/prepare.ts"
import { Services } from "../recordings.ts"
import { bytesOf, preferences, request } from "./request.ts"

const adamW = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 }
const lora = { rank: 2, alpha: 4, rankStabilized: false, targets: "all", merge: false } as const
const heldOut = { examples: preferences.slice(8), every: 2 }

/** Settings that change the bytes of the result, with another value than `request` has. */
const changing: ReadonlyArray<Partial<TrainRequest>> = [
  { objective: chooseLoss("dpo", { klCoefficient: 0.2 }) },
  { objective: chooseLoss("ipo", { klCoefficient: 0.1 }) },
  { lengthDesensitized: 0.5 },
  { weighting: "wpo" },
  { lora },
  { lora: { ...lora, rankStabilized: true } },
  { optimizer: { adamW: { ...adamW, beta1: 0.8 } } },
  { maxGradientNorm: 2 },
  { schedule: { linear: { warmup: 0 } } },
  { schedule: { constant: { warmup: 0.1 } } },
  { batchSize: 5 },
  { microBatchSize: 2 },
  { epochs: 3 },
  { maxSteps: 4 },
  { order: "data" },
  { blockLength: 64 },
  { heldOut },
  { heldOut: { ...heldOut, every: 3 } },
  { heldOut: { ...heldOut, patience: 1 } },
  { seed: 4 }
]

const stopAfterTwo = ({ step }: { readonly step: number }) => (step === 3 ? Effect.die("stopped") : Effect.void)

const listener = () => Effect.void

/** Settings that change none of them. */
const harmless: ReadonlyArray<Partial<TrainRequest>> = [
  { into: "elsewhere" },
  { phase: "another" },
  { resume: { file: "state", every: 7, foreign: "discard" } },
  { onStep: listener, onAudit: listener, onResume: listener }
]

/** Pairs of many tokens, so that the logits of a micro-batch can be computed in pieces. */
const long = preferences.map(({ messages, promptId }) => ({
  promptId,
  messages,
  chosen: Array.from({ length: 30 }, () => "crab").join(" "),
  rejected: Array.from({ length: 20 }, () => "oak fox").join(" "),
  margin: 1
}))

/** The request as it is prepared, and the budget below which no step fits. */
const prepared = Effect.fnUntraced(function* (made: TrainRequest) {
  const given = yield* prepare(made)
  const within = (budget: number) =>
    memoryOf({
      ...given,
      opened: given,
      request: { ...made, memoryBudget: budget },
      encoded: given.examples.shapes,
      heldOut: given.heldOut?.shapes
    })
  const tightest = Result.getOrThrow(Result.flip(within(1))).predicted
  const print = (change: Partial<TrainRequest> = {}, other: Partial<typeof given> = {}) =>
    fingerprint({ ...made, ...change }, { ...given, ...other, weights: given.store.state.weights })
  return { given, print, tightest }
})

layer(Services)("fingerprint()", (it) => {
  it.effect("differs by every setting that changes the result, and by no other", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const { print } = yield* prepared(made)
      const prints = yield* Effect.forEach([{}, ...changing], (change) => print(change))
      assert.strictEqual(new Set(prints).size, 1 + changing.length)
      for (const change of harmless) assert.strictEqual(yield* print(change), prints[0])
    }).pipe(Effect.scoped)
  )

  it.effect("differs by the config of the model, the device and the version of what computes", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      const { given, print } = yield* prepared(made)
      const { checkpoint, engine } = given
      const others = [
        {},
        { checkpoint: { ...checkpoint, config: { ...checkpoint.config, rope_theta: 1 } } },
        { engine: { ...engine, device: "cuda" as const } },
        { engine: { ...engine, version: "0" } }
      ]
      const prints = yield* Effect.forEach(others, (other) => print({}, other))
      assert.strictEqual(new Set(prints).size, prints.length)
    }).pipe(Effect.scoped)
  )

  it.effect("does not differ by the memory budget, which changes no byte of the result", () =>
    Effect.gen(function* () {
      const { made } = yield* request
      for (const given of [{ microBatchSize: 2 }, { examples: long }]) {
        const { print, tightest } = yield* prepared({ ...made, ...given })
        for (const memoryBudget of [tightest, 1e12]) assert.strictEqual(yield* print({ memoryBudget }), yield* print())
      }
    }).pipe(Effect.scoped)
  )
})

layer(Services)("a run that is stopped and goes on within another memory budget", (it) => {
  /** Stops after the second step, and gives the request that would go on. */
  const stopped = Effect.fnUntraced(function* (given: Partial<TrainRequest>) {
    const { into, made, path } = yield* request
    const resume = { file: path.join(path.dirname(into), "state.safetensors"), every: 1, foreign: "error" } as const
    const whole = { ...made, ...given, resume }
    const { tightest } = yield* Effect.scoped(prepared(whole))
    yield* Effect.exit(train({ ...whole, onStep: stopAfterTwo }))
    return { whole, tightest, folder: path.dirname(into) }
  })

  for (const [name, given] of [
    ["several examples in a pass", { microBatchSize: 2 }],
    ["long examples", { examples: long }]
  ] as const) {
    it.effect(`ends with the same bytes where layers are computed twice: ${name}`, () =>
      Effect.gen(function* () {
        const { folder, tightest, whole } = yield* stopped(given)
        const taken: Array<number> = []
        const onResume = (step: number) => Effect.sync(() => void taken.push(step))
        yield* train({ ...whole, memoryBudget: tightest, onResume })
        const { resume: _, ...plain } = whole
        yield* train({ ...plain, into: `${folder}/plain` })
        assert.deepStrictEqual(taken, [2])
        assert.strictEqual(yield* bytesOf(whole.into), yield* bytesOf(`${folder}/plain`))
      })
    )
  }
})
