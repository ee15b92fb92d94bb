import { assert, it as fact, layer } from "@effect/vitest"
import { Effect, Result } from "effect"
import { drawWeight, openShape, parametersOf } from "../../src/checkpoint/mod.ts"
import { chooseLoss } from "../../src/loss/mod.ts"
import { Ops } from "../../src/graph/mod.ts"
import {
  makeParameterStore,
  largestStrip,
  makeStep,
  type MemoryRequest,
  objectiveOf,
  planMemory,
  type StepMemory,
  storeTensors,
  totalsOf,
  wholeModel
} from "../../src/training/mod.ts"
import { Arena } from "../../src/training/memory/Arena.ts"
import { headChunkOf } from "../../src/training/memory/headOf.ts"
import { runInArena } from "../../src/training/memory/runInArena.ts"
import { measureStrip, treeShape } from "../../src/model/mod.ts"
import { shapeOf } from "../../src/training/tokens/mod.ts"
import { Services } from "../recordings.ts"

const folder = "fixtures/model/untied-scaled-sharded"
const TOKENS = 12

/** Of each of two responses. Units: tokens. */
interface Lengths {
  readonly prompt: number
  readonly tokens: number
}

const short: Lengths = { prompt: 1, tokens: TOKENS }

const parts = Effect.gen(function* () {
  const { config } = yield* openShape(folder)
  const { family, parameters } = parametersOf(config, "causal")
  const model = wholeModel({ family, config, contextLength: 512 }, parameters)
  return { config, parameters, model }
})

const sequence = (row: number, { prompt, tokens, vocabulary }: Lengths & { readonly vocabulary: number }) => ({
  ids: Int32Array.from({ length: tokens }, (_, i) => (7 * (i < prompt ? 1 : row) + 3 * i * i + 1) % vocabulary),
  promptLength: prompt
})

/** The gradients of one DPO pair, and the bytes of the workspace. */
const gradients = Effect.fnUntraced(function* (memory: StepMemory, lengths = short) {
  const { config, parameters, model } = yield* parts
  const drawn = new Map(parameters.map((each) => [each.name, drawWeight(each, { seed: 5, deviation: 0.1 })]))
  const load = (name: string) => drawn.get(name) ?? new Float32Array()
  const store = yield* makeParameterStore({ parameters, load, moments: 0 })
  const objective = yield* Effect.fromResult(objectiveOf(chooseLoss("dpo", { klCoefficient: 0.1 })))
  const step = yield* makeStep({ objective, model, memory })
  const sequences = [1, 2].map((row) => sequence(row, { ...lengths, vocabulary: config.vocab_size }))
  const examples = [{ promptId: "p", sequences, reference: [0, 0] }]
  yield* step.train(examples, storeTensors(store), { totals: totalsOf(examples), runningReward: 0 })
  const found = [...store.gradients].map(([name, { data }]) => [name, data instanceof Float32Array ? data.slice() : []])
  return { found, bytes: step.workspace.bytes() }
}, Effect.scoped)

const none = { from: 0, tokens: 0 }
const strip = {
  size: 2 * TOKENS,
  bands: [{ from: 0, rows: 1, tokens: 2 * TOKENS, prefix: none }],
  selected: 2 * (TOKENS - 1)
}

const plan = Effect.fnUntraced(function* (budget?: number, other: Partial<MemoryRequest> = {}) {
  const { parameters, model } = yield* parts
  return planMemory({
    model,
    trained: parameters,
    frozen: [],
    moments: 2,
    kind: "causal",
    squares: false,
    strip,
    ...(budget === undefined ? {} : { budget }),
    ...(other.reference ? { forwardStrip: strip } : {}),
    ...other
  })
})

layer(Services)("planMemory()", (it) => {
  it.effect(
    "keeps everything without a budget, and one byte less recomputes a layer, with the same gradients bit for bit",
    () =>
      Effect.gen(function* () {
        const whole = yield* Effect.fromResult(yield* plan())
        assert.strictEqual(whole.kept, whole.layers)
        const less = yield* Effect.fromResult(yield* plan(whole.predicted - 1))
        assert.isBelow(less.kept, whole.kept)
        assert.isAtMost(less.predicted, whole.predicted - 1)
        const all = yield* gradients(whole.memory)
        const fewer = yield* gradients(less.memory)
        assert.deepStrictEqual(fewer.found, all.found)
        assert.isBelow(fewer.bytes, all.bytes)
      })
  )

  // 200 tokens of prompt, 2 of 100 that are read: after attention, the last layer keeps those alone
  const sizes: ReadonlyArray<readonly [Lengths, MemoryRequest["strip"]]> = [
    [short, strip],
    [
      { prompt: 200, tokens: 300 },
      { ...measureStrip([treeShape(200, [300, 300])]), selected: 200 }
    ]
  ]
  for (const [lengths, measured] of sizes) {
    it.effect(`predicts the bytes of the workspace exactly: two responses of ${lengths.tokens} tokens`, () =>
      Effect.gen(function* () {
        const whole = yield* Effect.fromResult(yield* plan(undefined, { strip: measured }))
        const { predicted } = Result.getOrThrow(Result.flip(yield* plan(1, { strip: measured })))
        const least = yield* Effect.fromResult(yield* plan(predicted, { strip: measured }))
        assert.deepStrictEqual([whole.kept, least.kept], [whole.layers, 0])
        for (const { memory, parts: found } of [whole, least]) {
          const { bytes } = yield* gradients(memory, lengths)
          assert.strictEqual(bytes, found.boundaries + found.masks + found["kept layers"] + found["kept head"])
        }
      })
    )
  }

  it.effect("refuses what cannot fit, with the largest parts and what would help", () =>
    Effect.gen(function* () {
      const error = Result.getOrThrow(Result.flip(yield* plan(1000)))
      assert.strictEqual(error._tag, "MemoryExceeded")
      assert.strictEqual(error.parts[0]?.name, "runtime")
      assert.match(error.message, /^a step takes 0\.\d\d GB at least, wanted at most 0\.00 GB \(runtime 0\.25 GB, /)
      const { message } = Result.getOrThrow(Result.flip(yield* plan(error.predicted - 1)))
      assert.match(
        message,
        /what would help: a smaller microBatchSize, a shorter maxTokens, LoRA .*, a memoryBudget of 0\.26 GB$/
      )
    })
  )

  it.effect(
    "names a budget that is then enough, and no lever that makes only the work smaller where the state is too much",
    () =>
      Effect.gen(function* () {
        const { levers, predicted } = Result.getOrThrow(Result.flip(yield* plan(1000)))
        assert.deepStrictEqual(levers, [
          "LoRA (no gradients and moments of the whole model)",
          "an optimizer with fewer moments (lion, rmsProp)",
          "a memoryBudget of 0.26 GB"
        ])
        assert.isTrue(Result.isSuccess(yield* plan(predicted)))
      })
  )

  it.effect("counts the weights of a reference beside the weights, where steps take less", () =>
    Effect.gen(function* () {
      const { parameters } = yield* parts
      const { parts: alone } = yield* Effect.fromResult(yield* plan())
      assert.strictEqual(alone["forward passes"], 0)
      // twelve references are more than gradients, two moments and all that a step computes
      const many = Array.from({ length: 12 }, () => parameters).flat()
      const { parts: beside, predicted } = yield* Effect.fromResult(yield* plan(undefined, { reference: many }))
      const { "kept head": head, "kept layers": kept, boundaries, gradients: added, optimizer, transients } = beside
      const work = head + kept + boundaries + transients
      assert.isAbove(beside["forward passes"], 12 * beside.weights - added - optimizer - work)
      assert.isBelow(beside["forward passes"], 12 * beside.weights - added - optimizer)
      assert.isAbove(predicted, 13 * beside.weights)
    })
  )
})

const encoded = (...lengths: ReadonlyArray<number>) =>
  lengths.map((length, i) => ({
    promptId: String(i),
    sequences: [{ ids: Int32Array.from({ length }, (_, at) => at + i), promptLength: 1 }],
    reference: []
  }))

fact("largestStrip() encloses every pass band by band, and counts what is read off it", () => {
  const shapes = [encoded(512), encoded(300, 260)].map((pass) => pass.map(shapeOf))
  // one row of 512, and rows of 300 and 260: of the first rows the longer one counts, the second stands alone
  const bands = [
    { from: 0, rows: 1, tokens: 512, prefix: none },
    { from: 300, rows: 1, tokens: 260, prefix: none }
  ]
  const size = 560
  const selected = 299 + 259
  assert.deepStrictEqual(largestStrip(shapes, { kind: "causal", predict: "all" }), { size, bands, selected })
  assert.deepStrictEqual(largestStrip(shapes, { kind: "reward", predict: "learned" }), { size, bands, selected: 2 })
})

fact(
  "headChunkOf() depends on the vocabulary alone: 2²⁶ bytes of logits, or 256 tokens, or 2²⁸ bytes; 32 to 2048 tokens",
  () => {
    // 2²⁶ / 4 / 49 152 = 341.3; 2²⁶ / 4 / 151 936 = 110.4, 2²⁸ / 4 / 151 936 = 441.7
    const chunks = [152, 49_152, 151_936, 5_000_000].map((vocab_size) => headChunkOf({ vocab_size }))
    assert.deepStrictEqual(chunks, [2048, 256, 256, 32])
  }
)

fact("runInArena() takes memory for two values at once where three are made, and none for inputs and outputs", () => {
  const op = new Ops("chain")
  const x = op.input("x", "float32", ["n", 64])
  // a product cannot write over its operand: its result and the first sum stand at once; the Neg writes over the product
  const first = op.Tanh(x)
  const product = op.MatMul(first, op.input("w", "float32", [64, 64]))
  op.output(op.Add(op.Neg(product), x), "y")
  const arena = new Arena()
  runInArena(arena, op.build(), { n: 64 })
  assert.strictEqual(arena.bytes, 2 * 64 * 64 * 4)
})

fact("Arena reuses freed neighbours as one piece, and extends by what does not fit", () => {
  const arena = new Arena()
  const whole = arena.allocate(1024)
  arena.release(whole)
  const [a, b] = [arena.allocate(256), arena.allocate(256)]
  assert.strictEqual(arena.bytes, 1024)
  arena.release(a)
  arena.release(b)
  arena.allocate(1024)
  assert.strictEqual(arena.bytes, 1024)
  arena.allocate(1)
  assert.strictEqual(arena.bytes, 1280)
})
