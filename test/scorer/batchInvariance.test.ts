import { assert, it as withoutLayer, layer } from "@effect/vitest"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Layer } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import { rewardGraph, type Sequence, type Sheet } from "../../src/model/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { AnswerReport, OnnxRuntime } from "../../src/runtime/mod.ts"
import { openLogProbabilities, scoreSequences } from "../../src/scorer/mod.ts"
import { families } from "../model/families.ts"
import { Services } from "../recordings.ts"

const contextLength = 256

/** Prompts and the lengths of their responses: shorter and longer than a tile, one response, the same prompt again. Units: tokens. */
const shapes = [
  { prompt: 40, responses: [1, 30, 150, 64] },
  { prompt: 1, responses: [1, 2, 3] },
  { prompt: 130, responses: [5, 126, 1] },
  { prompt: 3, responses: [60] },
  { prompt: 63, responses: [1, 65] },
  { prompt: 64, responses: [64, 2] }
]

const idsOf = (length: number, ...place: ReadonlyArray<number>) =>
  Array.from({ length }, (_, i) => 4 + Math.floor(180 * uniform(key("invariance", ...place), i)))

const sequences = shapes.flatMap(({ prompt, responses }, row) =>
  responses.map((length, response): Sequence => {
    const ids = [...idsOf(prompt, row), ...idsOf(length, row, response)]
    return { ids: Int32Array.from(ids), promptLength: prompt }
  })
)

/** The order in which no two neighbours have one prompt. */
const scattered = sequences.map((_, i) => (i * 7) % sequences.length)

type Score = (sequences: ReadonlyArray<Sequence>, batchSize: number) => Effect.Effect<Float64Array, unknown>

/** What is said of the sequences one by one, in batches whose prompts are shared, and in batches of another order. */
const waysOf = Effect.fnUntraced(function* (score: Score) {
  const alone = yield* Effect.forEach(sequences, (sequence) => score([sequence], 1))
  const ways = [alone.map(([first]) => first)]
  for (const batchSize of [3, 8, 64]) ways.push(Array.from(yield* score(sequences, batchSize)))
  const other = yield* score(
    scattered.flatMap((i) => sequences[i] ?? []),
    5
  )
  const inOrder: Array<number | undefined> = []
  scattered.forEach((i, place) => (inOrder[i] = other[place]))
  return [...ways, inOrder]
})

/** A reward, and the tokens and the sequences of each batch that it has been asked for. */
const openSheets = Effect.gen(function* () {
  const runtime = yield* OnnxRuntime
  const { config, family, weights, folder } = yield* openCheckpoint("fixtures/model/reward", "reward")
  const model = serialize(rewardGraph({ family, config, contextLength }, weights))
  const session = yield* runtime.session({ name: "reward", model, externalFolder: folder })
  const sizes: Array<number> = []
  const feedsOf = ({ size }: Sheet) => {
    sizes.push(size)
    return {}
  }
  const counts: Array<number> = []
  const score: Score = (some, batchSize) =>
    scoreSequences({ session, output: "rewards", sequences: some, batchSize, read: "last", feedsOf }).pipe(
      Effect.provideService(OnnxRuntime, runtime),
      Effect.provideService(AnswerReport, (count) => Effect.sync(() => void counts.push(count)))
    )
  return { counts, score, sizes }
})

const openReward = Effect.gen(function* () {
  const { score } = yield* openSheets
  return score
})

const rewardsOn = (threads: number) =>
  Effect.flatMap(openReward, (score) => score(sequences, 8)).pipe(
    Effect.scoped,
    Effect.provide(OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer)))
  )

// a process has one runtime at a time: this comes before the layer that the others share
withoutLayer.live("scoreSequences() gives the same bits on one thread and on two", () =>
  Effect.gen(function* () {
    assert.deepStrictEqual(yield* rewardsOn(1), yield* rewardsOn(2))
  })
)

layer(Services)("scoreSequences()", (it) => {
  it.effect("computes a prompt that neighbours share once, and no padding", () =>
    Effect.gen(function* () {
      const { score, sizes } = yield* openSheets
      yield* score(sequences, 64)
      const tokens = shapes.map(({ prompt, responses }) => responses.reduce((sum, length) => sum + length, prompt))
      assert.deepStrictEqual(sizes, [tokens.reduce((sum, each) => sum + each)])
    }).pipe(Effect.scoped)
  )

  it.effect("takes groups of like length together, the longest first, and no more sequences than it may at once", () =>
    Effect.gen(function* () {
      const { counts, score } = yield* openSheets
      yield* score(sequences, 4)
      // groups of 3, 4, 2, 2, 1 and 3 whose longest have 256, 190, 128, 128, 63 and 4 tokens
      assert.deepStrictEqual(counts, [3, 4, 2 + 2, 1 + 3])
    }).pipe(Effect.scoped)
  )

  it.effect("gives a response without tokens the log-probability 0, alone or beside others", () =>
    Effect.gen(function* () {
      const score = yield* openLogProbabilities(yield* openCheckpoint("fixtures/model/smollm2", "causal"), 8)
      const empty: Sequence = { ids: Int32Array.of(5, 6, 7), promptLength: 3 }
      const other: Sequence = { ids: Int32Array.of(5, 6, 7, 8), promptLength: 3 }
      assert.deepStrictEqual(Array.from(yield* score([empty], { batchSize: 2 })), [0])
      const [none, some = 0] = yield* score([empty, other], { batchSize: 2 })
      assert.deepStrictEqual([none, some < 0], [0, true])
    }).pipe(Effect.scoped)
  )

  it.effect("gives a response the same reward, bit for bit, alone, beside others and behind a shared prompt", () =>
    Effect.gen(function* () {
      const [alone, ...ways] = yield* waysOf(yield* openReward)
      for (const way of ways) assert.deepStrictEqual(way, alone)
      assert.strictEqual(new Set(alone).size, sequences.length)
    }).pipe(Effect.scoped)
  )

  for (const name of Object.keys(families)) {
    it.effect(`gives a response the same log-probability under ${name}, whatever the batch`, () =>
      Effect.gen(function* () {
        const runtime = yield* OnnxRuntime
        const score = yield* openLogProbabilities(
          yield* openCheckpoint(`fixtures/model/${name}`, "causal"),
          contextLength
        )
        const [alone, ...ways] = yield* waysOf((some, batchSize) =>
          score(some, { batchSize }).pipe(Effect.provideService(OnnxRuntime, runtime))
        )
        for (const way of ways) assert.deepStrictEqual(way, alone)
      }).pipe(Effect.scoped)
    )
  }
})
