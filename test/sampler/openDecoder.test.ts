import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { permutation, key, uniform } from "../../src/random/mod.ts"
import type { DecoderOptions } from "../../src/sampler/mod.ts"
import { families } from "../model/families.ts"
import { recordedModels, recordings, Services } from "../recordings.ts"
import { drawAll, type DrawnRow, openFixture, type TestRow } from "./drawAll.ts"

const model = "tied-bias-bfloat16"
const vocabulary = recordings[model].logits[0]?.length ?? 0

const tokens = (length: number, ...path: ReadonlyArray<number | string>) =>
  Array.from({ length }, (_, i) => Math.floor(uniform(key("test", ...path), i) * vocabulary))

/** Prompts of one to 30 tokens, of which some begin alike, one is the beginning of another, and two are the same. */
const system = tokens(20, "system")
const prompts = [
  [5],
  [5, 6],
  tokens(9, "short"),
  system,
  [...system, ...tokens(6, 1)],
  [...system, ...tokens(10, 2)],
  [...system, 7],
  tokens(30, "long"),
  tokens(30, "long")
].map((ids) => Int32Array.from(ids))

/** Every way to choose, side by side in one batch. */
const ways: ReadonlyArray<Partial<TestRow>> = [
  {},
  { temperature: 0.7 },
  { temperature: 0 },
  { topK: 5, logProbabilities: true },
  { topP: 0.8, temperature: 1.5 },
  { minP: 0.1, repetitionPenalty: 1.3, logProbabilities: true },
  { temperature: 0, repetitionPenalty: 1.5 },
  { topK: 300, topP: 0.99, temperature: 3 }
]

const rowOf = (i: number, sample: number): TestRow => ({
  prompt: prompts[i] ?? new Int32Array(),
  temperature: 1,
  maxNewTokens: 3 + ((i * 5 + sample) % 11),
  key: key(7, i, sample),
  endIds: [3, 4, 5, 6, 7, 8, 9, 10],
  ...ways[sample]
})

const rows = prompts.flatMap((_prompt, i) => ways.map((_way, sample) => rowOf(i, sample)))

/** The rows in an order, drawn, and put back in their own order. */
const drawIn = (options: DecoderOptions, order: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const decoder = yield* openFixture(model, options)
    const drawn = yield* drawAll(
      decoder,
      order.flatMap((i) => rows[i] ?? [])
    )
    const back: Array<DrawnRow> = []
    order.forEach((i, at) => (back[i] = drawn[at] ?? { ids: [], logProbabilities: [] }))
    return back
  }).pipe(Effect.scoped)

const inOrder = rows.map((_, i) => i)

const wrong = () => assert.fail("nobody should hear of it")

layer(Services)("openDecoder()", (it) => {
  const recorded = { ...Object.fromEntries(recordedModels.map((name) => [name, recordings[name]])), ...families }
  for (const [name, { ids, greedy }] of Object.entries(recorded)) {
    it.effect(`gives the greedy tokens of transformers on "${name}", whatever the slots and chunks`, () =>
      Effect.gen(function* () {
        const asked = ids.map((row, i) => ({
          prompt: Int32Array.from(row),
          temperature: 0,
          key: key(i),
          maxNewTokens: greedy[i]?.length ?? 0
        }))
        for (const options of [{ slots: 8 }, { slots: 2, chunkTokens: 3 }, { slots: 1, chunkTokens: 1 }]) {
          const drawn = yield* drawAll(yield* openFixture(name, options), asked)
          assert.deepStrictEqual(
            drawn.map((row) => row.ids),
            greedy
          )
        }
      }).pipe(Effect.scoped)
    )
  }

  it.effect(
    "draws the same response, bit for bit, whatever the slots, the chunks, the order and the rows beside it",
    () =>
      Effect.gen(function* () {
        const alone: Array<DrawnRow> = []
        const decoder = yield* openFixture(model, { slots: 1 })
        for (const row of rows) alone.push(...(yield* drawAll(decoder, [row])))
        for (const [i, slots] of [1, 2, 3, 5, 7, 16, 80].entries()) {
          const chunkTokens = [1, 2, 3, 7, 16, 128, 5][i] ?? 1
          const order = [...permutation(key("order", slots), rows.length)]
          assert.deepStrictEqual(yield* drawIn({ slots, chunkTokens }, order), alone)
        }
        const lengths = new Set(alone.map(({ ids }) => ids.length))
        assert.isAbove(lengths.size, 5) // rows end at different times, so that slots were refilled
        assert.isAbove(new Set(alone.map(({ ids }) => String(ids))).size, rows.length / 2)
      }).pipe(Effect.scoped)
  )

  it.effect("draws the same under a budget that holds one slot, and under one that makes slots grow", () =>
    Effect.gen(function* () {
      const expected = yield* drawIn({ slots: 4 }, inOrder)
      const decoder = yield* openFixture(model, { slots: 4 })
      const cacheMemory = decoder.plan.bytesPerToken * 45
      assert.deepStrictEqual(yield* drawIn({ slots: 4, cacheMemory }, inOrder), expected)
      assert.deepStrictEqual(yield* drawIn({ slots: 4, slotTokens: 64 }, inOrder), expected)
    }).pipe(Effect.scoped)
  )

  it.effect("frees the slot of a row that is taken back, and never hears of it again", () =>
    Effect.gen(function* () {
      const decoder = yield* openFixture(model, { slots: 1 })
      const heard: Array<number> = []
      const long = { prompt: Int32Array.of(5), temperature: 1, maxNewTokens: 40, key: key(1) }
      const cancel = decoder.submit(long, {
        token: (id) => {
          heard.push(id)
          if (heard.length === 3) cancel()
          return true
        },
        failed: wrong
      })
      const takeBack = decoder.submit(long, { token: wrong, failed: wrong })
      takeBack()
      const [next] = yield* drawAll(decoder, [rowOf(1, 1)])
      const [again] = yield* drawAll(decoder, [rowOf(1, 1)])
      assert.deepStrictEqual([heard.length, next], [3, again])
    }).pipe(Effect.scoped)
  )

  it.effect("tells rows that are open when it closes", () =>
    Effect.gen(function* () {
      const causes: Array<unknown> = []
      const [row] = rows
      if (!row) return assert.fail("rows are missing")
      yield* Effect.scoped(
        Effect.gen(function* () {
          const decoder = yield* openFixture(model, { slots: 1 })
          const listener = { token: () => true, failed: (cause: unknown) => void causes.push(cause) }
          for (let i = 0; i < 2; i++) decoder.submit(row, listener)
        })
      )
      assert.deepStrictEqual(causes.map(String), ["Error: the decoder was closed", "Error: the decoder was closed"])
    })
  )

  it.effect("tells rows for which no cache can be made, and the next ones too", () =>
    Effect.gen(function* () {
      const decoder = yield* openFixture(model, { slots: 2 ** 50 })
      for (let i = 0; i < 2; i++) {
        const error = yield* Effect.flip(drawAll(decoder, [rowOf(0, 0), rowOf(1, 0)]))
        assert.match(String(error), /Invalid array buffer length/)
      }
    }).pipe(Effect.scoped)
  )
})
