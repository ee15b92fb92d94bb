import { request } from "node:http"
import { assert, layer } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Scope, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Preference } from "../../src/judge/mod.ts"
import { localRollout, type Piece, Rollout } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"
import { Services } from "../recordings.ts"
import { type Answered, ask, eventsOf, folder, open } from "./open.ts"

const Models = Layer.mergeAll(
  localRollout(folder, { slots: 2 }),
  Reward.layerOf(() => 0),
  Preference.layerOf(() => 0.5)
).pipe(Layer.provideMerge(Services))

/** A policy whose streams say one word and then wait until they are let go; counts those that are open. */
const slow = Effect.gen(function* () {
  const real = yield* Rollout
  const go = yield* Deferred.make<void>()
  let opened = 0
  let closed = 0
  const waiting: Array<{ readonly count: () => number; readonly wanted: number; readonly resume: () => void }> = []
  const tell = () => {
    for (const { count, resume, wanted } of waiting) if (count() >= wanted) resume()
  }
  const until = (count: () => number, wanted: number) =>
    Effect.callback<void>((resume) => {
      const done = () => resume(Effect.void)
      waiting.push({ count, wanted, resume: done })
      tell()
    })
  const word: Piece = { id: 20, text: "word" }
  const end: Piece = { id: 3, text: ".", finish: "stop" }
  const stream = () =>
    Stream.succeed(word).pipe(
      Stream.concat(Stream.fromEffect(Effect.as(Deferred.await(go), end))),
      Stream.onStart(
        Effect.sync(() => {
          opened += 1
          tell()
        })
      ),
      Stream.ensuring(
        Effect.sync(() => {
          closed += 1
          tell()
        })
      )
    )
  return {
    policy: { id: "slow", service: { ...real, stream } },
    go: Deferred.succeed(go, undefined),
    opened: (count: number) => until(() => opened, count),
    closed: (count: number) => until(() => closed, count)
  }
})

const body = { prompt: [1, 2], stream: true, max_tokens: 4 }

/** Asks for a stream, and hangs up when its first piece is there. */
const hangUp = (url: string) =>
  Effect.callback<void>((resume) => {
    const asked = request(url, { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      response.on("error", () => {})
      response.once("data", () => {
        asked.destroy()
        resume(Effect.void)
      })
    })
    asked.on("error", () => {})
    asked.end(JSON.stringify(body))
  })

layer(Models)("a server under load", (it) => {
  it.effect("refuses what neither runs nor may wait, and answers what waits", () =>
    Effect.gen(function* () {
      const { go, opened, policy } = yield* slow
      const url = `${yield* open({ requests: 1, queue: 1 }, { policy })}/v1/completions`
      const first = yield* Effect.forkChild(ask(url, { body }))
      yield* opened(1)
      // of two more, one waits and one is refused, which is the one that is answered before the first ends
      const early = yield* Deferred.make<Answered>()
      const other = Effect.tap(ask(url, { body }), (answered) => Deferred.succeed(early, answered))
      const others = yield* Effect.forkChild(Effect.all([other, other], { concurrency: 2 }))
      const refused = yield* Deferred.await(early)
      assert.strictEqual(refused.status, 429)
      assert.strictEqual(refused.headers.get("retry-after"), "1")
      assert.deepStrictEqual(refused.json.error, {
        message: "Cannot answer now: found 2 requests under way, wanted fewer than 2",
        type: "rate_limit_error",
        param: null,
        code: "rate_limit_exceeded"
      })
      yield* go
      const statuses = (yield* Fiber.join(others)).map(({ status }) => status)
      assert.strictEqual((yield* Fiber.join(first)).status, 200)
      assert.deepStrictEqual(statuses.toSorted(), [200, 429])
    })
  )

  it.effect("frees the place of a client that hangs up", () =>
    Effect.gen(function* () {
      const { closed, go, opened, policy } = yield* slow
      const url = `${yield* open({ requests: 1, queue: 0 }, { policy })}/v1/completions`
      yield* hangUp(url)
      yield* closed(1)
      const next = yield* Effect.forkChild(
        Effect.repeat(ask(url, { body }), { until: ({ status }) => status !== 429 }) // its place is free a moment later
      )
      yield* opened(2)
      yield* go
      assert.strictEqual((yield* Fiber.join(next)).status, 200)
    })
  )

  it.effect("ends a stream that takes too long with an error", () =>
    Effect.gen(function* () {
      const { closed, opened, policy } = yield* slow
      const url = `${yield* open({ timeout: 9 }, { policy })}/v1/completions`
      const asked = yield* Effect.forkChild(ask(url, { body }))
      yield* opened(1)
      yield* TestClock.adjust("9 seconds")
      const [first, last] = eventsOf((yield* Fiber.join(asked)).text)
      assert.strictEqual(first.choices[0].text, "word")
      assert.deepStrictEqual(last, {
        error: {
          message: "Cannot answer: found nothing after 9 seconds, wanted the answer by then",
          type: "server_error",
          param: null,
          code: "timeout"
        }
      })
      yield* closed(1)
    })
  )

  it.effect("finishes what runs when it stops, and nothing new", () =>
    Effect.gen(function* () {
      const { go, opened, policy } = yield* slow
      const scope = yield* Scope.make()
      const url = `${yield* Scope.provide(open({}, { policy }), scope)}/v1/completions`
      const running = yield* Effect.forkChild(ask(url, { body }))
      yield* opened(1)
      const stopped = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* Effect.yieldNow
      const refused = yield* Effect.exit(ask(url, { body: { ...body, stream: false } }))
      assert.isTrue(Exit.isFailure(refused) || refused.value.status === 503)
      yield* go
      const { status, text } = yield* Fiber.join(running)
      assert.deepStrictEqual([status, eventsOf(text).at(-1)], [200, "[DONE]"])
      yield* Fiber.join(stopped)
    })
  )

  it.effect("cuts what still runs when its grace is over", () =>
    Effect.gen(function* () {
      const { closed, opened, policy } = yield* slow
      const scope = yield* Scope.make()
      const url = `${yield* Scope.provide(open({ grace: 3 }, { policy }), scope)}/v1/completions`
      const running = yield* Effect.forkChild(Effect.exit(ask(url, { body })))
      yield* opened(1)
      const stopped = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* Effect.yieldNow
      yield* TestClock.adjust("3 seconds")
      yield* closed(1)
      yield* Fiber.join(stopped)
      yield* Fiber.join(running)
    })
  )
})
