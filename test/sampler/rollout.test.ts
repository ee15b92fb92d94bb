import { assert, layer } from "@effect/vitest"
import { Effect, Exit, Fiber, Layer, Stream } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { key } from "../../src/random/mod.ts"
import { localRollout, type Piece, Rollout, type RolloutRequest, type SamplerError } from "../../src/sampler/mod.ts"
import { logProbabilities } from "../../src/scorer/mod.ts"
import { distance, Services } from "../recordings.ts"

const folder = "fixtures/model/tied-bias-bfloat16"

/** A token takes 2 (keys and values) · 2 layers · 2 heads · 16 features · 4 bytes. */
const bytesPerToken = 512

const Answering = localRollout(folder, { slots: 2, cacheMemory: 50 * bytesPerToken }).pipe(Layer.provideMerge(Services))

const request = (sample: number, other: Partial<RolloutRequest> = {}): RolloutRequest => ({
  ids: Int32Array.of(1, 20, 21, 22),
  key: key(3, sample),
  temperature: 1,
  maxNewTokens: 16,
  name: `p${sample}`,
  ...other
})

const requests = [
  request(0),
  request(1, { logProbabilities: true }),
  request(2, { temperature: 0, maxNewTokens: 5 }),
  request(3, { topK: 4, stopIds: Array.from({ length: 40 }, (_, id) => id) }),
  request(4, { ids: Int32Array.of(1, 20, 21, 22, 23), minP: 0.05 })
]

/** What pieces make together. */
const join = (pieces: ReadonlyArray<Piece>) => {
  const told = pieces.flatMap(({ logProbability }) => logProbability ?? [])
  return {
    ids: pieces.map(({ id }) => id),
    text: pieces.map(({ text }) => text).join(""),
    finish: pieces.at(-1)?.finish ?? "length",
    ...(told.length > 0 ? { logProbabilities: told } : {})
  }
}

const messageOf = <A>(effect: Effect.Effect<A, SamplerError>) =>
  Effect.map(Effect.flip(effect), ({ message }) => message)

const option = (name: string, found: string, wanted: string) =>
  `Cannot sample responses: option "${name}": found ${found}, wanted ${wanted}`

layer(Answering)("Rollout", (it) => {
  it.effect("stream() gives the pieces of what draw() gives, whenever requests come", () =>
    Effect.gen(function* () {
      const { draw, stream } = yield* Rollout
      const drawn = yield* draw(requests)
      const collect = (one: RolloutRequest) => Effect.map(Stream.runCollect(stream(one)), join)
      assert.deepStrictEqual(yield* Effect.forEach(requests, collect), drawn)
      assert.deepStrictEqual(yield* Effect.forEach(requests, collect, { concurrency: 5 }), drawn)
      assert.deepStrictEqual((yield* draw(requests.toReversed())).toReversed(), drawn)
      const finishes = new Set(drawn.map(({ finish }) => finish))
      assert.deepStrictEqual([...finishes].toSorted(), ["length", "stop"])
    })
  )

  it.effect("cuts the text before a stop string, and draws no token after it", () =>
    Effect.gen(function* () {
      const { draw, stream, tokenizer } = yield* Rollout
      const [plain] = yield* draw([request(0)])
      const text = plain?.text ?? ""
      const stop = text.slice(9, 14) // across words, which are tokens
      assert.isAbove(stop.length, 4)
      const [cut] = yield* draw([request(0, { stop: ["never", stop] })])
      const decode = (tokens: number) =>
        tokenizer.decode((plain?.ids ?? []).slice(0, tokens), { skipSpecialTokens: true })
      const tokens = Array.from({ length: 17 }, (_, n) => n).find((n) => decode(n).includes(stop))
      assert.deepStrictEqual(cut, {
        ids: plain?.ids.slice(0, tokens) ?? [],
        text: text.slice(0, text.indexOf(stop)),
        finish: "stop"
      })
      const pieces = yield* Stream.runCollect(stream(request(0, { stop: ["never", stop] })))
      assert.deepStrictEqual(join(pieces), cut)
    })
  )

  it.effect("tells log π at temperature 1 as the scorer does", () =>
    Effect.gen(function* () {
      const { draw } = yield* Rollout
      const told = { logProbabilities: true }
      const asked = [request(0, told), request(2, { ...told, temperature: 0.5, topP: 0.7 })]
      const drawn = yield* draw(asked)
      const sequences = drawn.map(({ ids }) => ({ ids: Int32Array.from([1, 20, 21, 22, ...ids]), promptLength: 4 }))
      const sums = yield* logProbabilities(yield* openCheckpoint(folder, "causal"), sequences, { batchSize: 2 })
      const found = drawn.map((one) => (one.logProbabilities ?? []).reduce((sum, x) => sum + x, 0))
      // 16 float32 sums over some hundred logits each
      assert.isBelow(distance(found, sums), 1e-4)
      assert.deepStrictEqual(
        drawn.map((one) => one.logProbabilities?.length),
        [16, 16]
      )
    })
  )

  it.effect("frees the places of interrupted streams and effects", () =>
    Effect.gen(function* () {
      const { draw, stream } = yield* Rollout
      const [expected] = yield* draw([request(1)])
      const taken = yield* Stream.runCollect(Stream.take(stream(request(0)), 2))
      assert.strictEqual(taken.length, 2)
      const fiber = yield* Effect.forkChild(draw(Array.from({ length: 400 }, (_, i) => request(100 + i))))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
      assert.deepStrictEqual(yield* draw([request(1)]), expected === undefined ? [] : [expected])
    })
  )

  it.effect("refuses what is outside its domain, and answers what comes beside it", () =>
    Effect.gen(function* () {
      const { check, draw, stream } = yield* Rollout
      const good = yield* Effect.forkChild(draw([request(1)]))
      const refused = (other: Partial<RolloutRequest>) => messageOf(draw([request(0), request(7, other)]))
      assert.deepStrictEqual(
        yield* Effect.all([
          refused({ temperature: -1 }),
          refused({ temperature: Number.NaN }),
          refused({ maxNewTokens: 0 }),
          refused({ topK: 0 }),
          refused({ topP: 0 }),
          refused({ minP: 1.5 }),
          refused({ repetitionPenalty: 0 }),
          refused({ stop: ["a", ""] }),
          refused({ ids: new Int32Array() }),
          refused({ ids: Int32Array.of(1, -2) }),
          refused({ stopIds: [1.5] }),
          refused({ maxNewTokens: 1000 }),
          refused({ ids: new Int32Array(40).fill(20) })
        ]),
        [
          option("temperature", "-1", "a number ≥ 0"),
          option("temperature", "NaN", "a number ≥ 0"),
          option("maxNewTokens", "0", "a whole number ≥ 1"),
          option("topK", "0", "a whole number ≥ 1"),
          option("topP", "0", "a number above 0 and at most 1"),
          option("minP", "1.5", "a number from 0 to 1"),
          option("repetitionPenalty", "0", "a number > 0"),
          option("stop", '["a",""]', "strings that are not empty"),
          option("ids", "no token", "at least one"),
          option("ids", "token -2", "tokens from 0 to 187"),
          option("stopIds", "token 1.5", "tokens from 0 to 187"),
          'Cannot sample responses: prompt "p7" has 4 tokens, wanted fewer than 0',
          'Cannot sample responses: prompt "p7" and its response need a cache of 55 tokens: found a budget of 25600 bytes, wanted 28160 (raise "cacheMemory" or lower "maxNewTokens")'
        ]
      )
      assert.match(yield* messageOf(Stream.runDrain(stream(request(0, { topK: 0 })))), /option "topK"/)
      assert.match(yield* messageOf(check(request(0, { topK: 0 }))), /option "topK"/)
      yield* check(request(0))
      assert.deepStrictEqual(yield* Fiber.join(good), yield* draw([request(1)]))
    })
  )
})
