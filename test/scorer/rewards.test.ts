import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { httpClient } from "../../src/remote/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import { cachedReward, ensembleReward, remoteReward, Reward, ScorerError, type ScoreRow } from "../../src/scorer/mod.ts"
import { type Arrived, endpointOf, type Reply, serve, withoutWaiting } from "../remote/serve.ts"

const row = (content: string, ...responses: ReadonlyArray<string>): ScoreRow => ({
  messages: [{ role: "user", content }],
  responses
})

const rows = [row("x", "a", "bb", "a"), row("y"), row("z", "bb", "cccc")]

const scored = (asked: ReadonlyArray<ScoreRow> = rows) => Effect.flatMap(Reward, ({ score }) => score(asked))

const run = <A, E>(effect: Effect.Effect<A, E, any>) =>
  Effect.scoped(effect).pipe(Effect.provide(httpClient)) as Effect.Effect<A, E>

const Length = Reward.layerOf((_, response) => response.length)
const Constant = Reward.layerOf(() => 3)
const Fixed = (rewards: ReadonlyArray<ReadonlyArray<number>>) =>
  Layer.succeed(Reward, Reward.of({ score: () => Effect.succeed(rewards) }))

/** What is said of an ensemble whose second member gives these rewards. */
const told = (rewards: ReadonlyArray<ReadonlyArray<number>>) =>
  scored().pipe(Effect.provide(ensembleReward([Length, Fixed(rewards)], "mean")), Effect.flip)

describe("ensembleReward()", () => {
  it.effect("takes the mean of its members, or the worst", () =>
    Effect.gen(function* () {
      const mean = yield* Effect.provide(scored(), ensembleReward([Length, Constant], "mean"))
      assert.deepStrictEqual(mean, [[2, 2.5, 2], [], [2.5, 3.5]])
      const worst = yield* Effect.provide(scored(), ensembleReward([Length, Constant], "worst"))
      assert.deepStrictEqual(worst, [[1, 2, 1], [], [2, 3]])
      assert.deepStrictEqual(
        yield* Effect.provide(scored(), ensembleReward([Length], "worst")),
        yield* Effect.provide(scored(), Length)
      )
    })
  )

  it.effect("refuses a member that gives too little, or no number, and says which", () =>
    Effect.gen(function* () {
      const cannot = "Cannot score responses: member 1 of the ensemble, row"
      const wanted = "wanted one finite number per response"
      assert.deepStrictEqual(
        [(yield* told([[1, 2, 3], []])).message, (yield* told([[1, Number.NaN, 3], [], [1, 2]])).message],
        [`${cannot} 2: found [], ${wanted}`, `${cannot} 0: found [1,null,3], ${wanted}`]
      )
    })
  )
})

/** A reward that counts letters, and what it was asked. */
const counting = () => {
  const asked: Array<ReadonlyArray<ScoreRow>> = []
  const layer = Layer.succeed(
    Reward,
    Reward.of({
      score: (some) =>
        Effect.sync(() => {
          asked.push(some)
          return some.map(({ messages, responses }) =>
            responses.map((text) => text.length + (messages[0]?.content.charCodeAt(0) ?? 0))
          )
        })
    })
  )
  return { asked, layer }
}

/** A conversation of turns by user and assistant, and one response. */
const turns = (...contents: ReadonlyArray<string>): ScoreRow => ({
  messages: contents.map((content, i) => ({ role: i === 0 ? "user" : "assistant", content })),
  responses: ["r"]
})

describe("cachedReward()", () => {
  it.effect("asks for each response to a conversation once, and gives what the reward gives", () =>
    Effect.gen(function* () {
      const { asked, layer } = counting()
      const found = yield* Effect.all([scored(), scored(), scored([row("x", "bb", "d"), row("y", "a")])]).pipe(
        Effect.provide(Layer.provide(cachedReward({ capacity: 10 }), layer))
      )
      assert.deepStrictEqual(asked, [
        [row("x", "a", "bb"), row("z", "bb", "cccc")],
        [row("x", "d"), row("y", "a")]
      ])
      const plain = counting().layer
      assert.deepStrictEqual(found, [
        yield* Effect.provide(scored(), plain),
        yield* Effect.provide(scored(), plain),
        yield* Effect.provide(scored([row("x", "bb", "d"), row("y", "a")]), plain)
      ])
    })
  )

  it.effect("forgets what was not asked for the longest", () =>
    Effect.gen(function* () {
      const { asked, layer } = counting()
      // a and b are known, a is asked for again, so that c takes the place of b
      yield* Effect.forEach(["a", "b", "a", "c", "a", "b"], (text) => scored([row("x", text)])).pipe(
        Effect.provide(Layer.provide(cachedReward({ capacity: 2 }), layer))
      )
      assert.deepStrictEqual(
        asked.map((some) => some[0]?.responses[0]),
        ["a", "b", "c", "b"]
      )
    })
  )

  it.effect("tells conversations apart by roles and turns, not by their joined text", () =>
    Effect.gen(function* () {
      const { asked, layer } = counting()
      yield* scored([turns("ab"), turns("a", "b"), row("ab", "r")]).pipe(
        Effect.provide(Layer.provide(cachedReward({ capacity: 10 }), layer))
      )
      assert.deepStrictEqual(asked, [[turns("ab"), turns("a", "b")]])
    })
  )
})

/** A server that scores by length. */
const byLength = ({ body }: Arrived): Reply => ({
  json: { rewards: body.rows.map(({ response }: { response: string }) => response.length) }
})

const sent = (content: string, response: string) => ({ messages: [{ role: "user", content }], response })

describe("remoteReward()", () => {
  it.effect("sends one row for each response, in batches, and keeps them in order", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(byLength)
      const layer = remoteReward({ ...endpointOf(url), concurrency: 1, model: "judge", batchSize: 2 })
      const counted: Array<number> = []
      const hear = (answers: number) => Effect.sync(() => void counted.push(answers))
      const found = yield* Effect.provideService(Effect.provide(scored(), layer), AnswerReport, hear)
      assert.deepStrictEqual(
        [found, counted],
        [
          [[1, 2, 1], [], [2, 4]],
          [2, 2, 1]
        ]
      )
      const batches = [[sent("x", "a"), sent("x", "bb")], [sent("x", "a"), sent("z", "bb")], [sent("z", "cccc")]]
      assert.deepStrictEqual(
        arrived.map(({ body, method, path }) => [method, path, body]),
        batches.map((some) => ["POST", "/v1/score", { model: "judge", rows: some }])
      )
    }).pipe(run)
  )

  for (const [name, reply, message] of [
    [
      "too few rewards",
      { json: { rewards: [1, 2] } },
      " (status 200): found 2 rewards, wanted rewards: 5 finite numbers"
    ],
    [
      "no number",
      { json: { rewards: [1, 2, 3, 4, null] } },
      ' (status 200): found {"rewards":[1,2,3,4,null]}, wanted rewards: 5 finite numbers'
    ],
    ["another status", { status: 422, text: "no rows" }, ": found status 422 (no rows), wanted 200"]
  ] as const) {
    it.effect(`refuses ${name}`, () =>
      Effect.gen(function* () {
        const { url } = yield* serve(() => reply)
        const asked = Effect.flip(Effect.provide(scored(), remoteReward(endpointOf(url))))
        const { result } = yield* withoutWaiting(asked)
        assert.instanceOf(result, ScorerError)
        assert.strictEqual(
          result.message.replaceAll(/127\.0\.0\.1:\d+/g, "host"),
          `Cannot score responses: "http://host/v1/score"${message}`
        )
      }).pipe(run)
    )
  }
})
