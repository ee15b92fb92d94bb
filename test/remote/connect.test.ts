import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Inspectable, Logger, Schema } from "effect"
import { connect, type Endpoint, httpClient, type RemoteReason } from "../../src/remote/mod.ts"
import { retryAfter } from "../../src/remote/retryAfter.ts"
import { waitBefore } from "../../src/remote/waitBefore.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { endpointOf, nobody, type Reply, serve, withoutWaiting } from "./serve.ts"

const Sum = Schema.Struct({ sum: Schema.Finite })

const question = { path: "/sum", body: { of: [1, 2] }, answer: Sum, wanted: "a sum", key: key("sum") }

/** What a server with these settings answers to the question. */
const asked = (endpoint: Endpoint) => Effect.flatMap(connect(endpoint), ({ ask }) => ask(question))

/** What comes of asking a server that replies like this, and the waits between attempts (seconds). */
const answering = (reply: (before: number) => Reply, change: Partial<Endpoint> = {}) =>
  Effect.gen(function* () {
    const { arrived, url } = yield* serve((_, before) => reply(before))
    const { result, waits } = yield* withoutWaiting(Effect.result(asked(endpointOf(url, change))))
    return { result, waits, requests: arrived.length, url }
  })

const run = <A, E>(effect: Effect.Effect<A, E, any>) =>
  Effect.scoped(effect).pipe(Effect.provide(httpClient)) as Effect.Effect<A, E>

/** What is said of a failure, with the port taken out. */
const shown = (reason: RemoteReason) => reason.message.replaceAll(/127\.0\.0\.1:\d+/g, "host")
const messageOf = (result: { readonly _tag: string; readonly failure?: RemoteReason }) =>
  result.failure === undefined ? "no failure" : shown(result.failure)

/** Seconds, to the millisecond. */
const waited = (attempt: number) =>
  Math.round(1000 * 2 ** (attempt - 1) * (0.5 + 0.5 * uniform(question.key, attempt))) / 1000

describe("connect()", () => {
  it.effect("gives what the server answers, and sends the body as JSON", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(({ body }) => ({ json: { sum: body.of[0] + body.of[1] } }))
      assert.deepStrictEqual(yield* asked(endpointOf(`${url}/`)), { sum: 3 })
      assert.deepStrictEqual(
        arrived.map(({ method, path, headers }) => [method, path, headers["content-type"], headers.authorization]),
        [["POST", "/v1/sum", "application/json", undefined]]
      )
    }).pipe(run)
  )

  for (const [name, bad] of [
    ["status 429", { status: 429 }],
    ["status 503", { status: 503, text: "busy" }],
    ["a closed connection", "close"],
    ["half an answer", "half, then close"]
  ] as const) {
    it.effect(`asks again after ${name}, and waits twice as long each time`, () =>
      Effect.gen(function* () {
        const { requests, result, waits } = yield* answering((before) => (before < 2 ? bad : { json: { sum: 3 } }))
        assert.deepStrictEqual(result._tag === "Success" && result.success, { sum: 3 })
        assert.strictEqual(requests, 3)
        assert.deepStrictEqual(waits, [waited(1), waited(2)])
      }).pipe(run)
    )
  }

  it.effect("waits as long as the server wants", () =>
    Effect.gen(function* () {
      const busy = { status: 429, headers: { "retry-after": "40" } }
      const { result, waits } = yield* answering((before) => (before === 0 ? busy : { json: { sum: 3 } }))
      assert.deepStrictEqual([result._tag, waits], ["Success", [40]])
    }).pipe(run)
  )

  it.effect("does not wait for a server that wants to be left alone for longer than is allowed", () =>
    Effect.gen(function* () {
      const found = yield* answering(() => ({ status: 429, headers: { "retry-after": "61" }, text: "later" }))
      assert.deepStrictEqual([found.requests, found.waits], [1, []])
      assert.strictEqual(messageOf(found.result), '"http://host/v1/sum": found status 429 (later), wanted 200')
    }).pipe(run)
  )

  it.effect("says what it found at the last of its attempts", () =>
    Effect.gen(function* () {
      const found = yield* answering((before) => ({ status: 500, text: `error ${before}` }))
      assert.strictEqual(found.requests, 3)
      assert.strictEqual(
        messageOf(found.result),
        '"http://host/v1/sum": found status 500 (error 2), wanted 200 (3 attempts)'
      )
    }).pipe(run)
  )

  for (const status of [400, 401, 404, 422, 302]) {
    it.effect(`does not ask again after status ${status}`, () =>
      Effect.gen(function* () {
        const reply = { status, text: '{"error":  "no\n such"}', headers: { location: "/v1/elsewhere" } }
        const { requests, result } = yield* answering(() => reply)
        assert.strictEqual(requests, 1)
        assert.strictEqual(
          messageOf(result),
          `"http://host/v1/sum": found status ${status} ({"error": "no such"}), wanted 200`
        )
      }).pipe(run)
    )
  }

  for (const [text, found] of [
    ["<html>hello</html>", "<html>hello</html>"],
    ["", "an empty answer"],
    ['{"total": 3}', '{"total": 3}'],
    ['{"sum": "3"}', '{"sum": "3"}'],
    ['{"sum": 3', '{"sum": 3']
  ] as const) {
    it.effect(`refuses the answer ${JSON.stringify(text)} at once`, () =>
      Effect.gen(function* () {
        const { requests, result } = yield* answering(() => ({ text }))
        assert.strictEqual(requests, 1)
        assert.strictEqual(messageOf(result), `"http://host/v1/sum" (status 200): found ${found}, wanted a sum`)
      }).pipe(run)
    )
  }

  for (const reply of ["never", "half, then never"] as const) {
    it.live(`gives up on a server that answers ${reply}`, () =>
      Effect.gen(function* () {
        const { arrived, url } = yield* serve(() => reply)
        const patience = { timeout: 0.05, firstWait: 0.001, attempts: 2 }
        const error = yield* Effect.flip(asked(endpointOf(url, patience)))
        assert.strictEqual(arrived.length, 2)
        assert.strictEqual(
          shown(error),
          '"http://host/v1/sum": found nothing, wanted an answer within 0.05 seconds (2 attempts)'
        )
      }).pipe(run)
    )
  }

  it.effect("has no more requests under way than it may", () =>
    Effect.gen(function* () {
      let [now, most] = [0, 0]
      let waiting: Array<() => void> = []
      /** Answers nobody before two are there, and then gives a third the time to come. */
      const meet = () =>
        new Promise<void>((resolve) => {
          waiting.push(resolve)
          if (waiting.length < 2) return
          const all = waiting
          waiting = []
          setTimeout(() => all.forEach((each) => each()), 20)
        })
      const { url } = yield* serve(async () => {
        most = Math.max(most, ++now)
        await meet()
        now--
        return { json: { sum: 0 } }
      })
      const { ask } = yield* connect(endpointOf(url, { concurrency: 2 }))
      yield* Effect.forEach(Array.from({ length: 6 }), () => ask(question), { concurrency: 6 })
      assert.strictEqual(most, 2)
    }).pipe(run)
  )
})

describe("a server that starts", () => {
  it.effect("is waited for, once, before the first question", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(
        ({ path }, before) =>
          path === "/v1/models" ? (before < 3 ? { status: 503 } : { json: { data: [] } }) : { json: { sum: 3 } },
        { models: "asked" }
      )
      const { result } = yield* withoutWaiting(
        Effect.flatMap(connect(endpointOf(url)), ({ ask }) =>
          Effect.all([ask(question), ask(question)], { concurrency: 2 })
        )
      )
      assert.deepStrictEqual(result, [{ sum: 3 }, { sum: 3 }])
      const models = ["GET", "/v1/models"]
      assert.deepStrictEqual(
        arrived.map(({ method, path }) => [method, path]),
        [models, models, models, models, ["POST", "/v1/sum"], ["POST", "/v1/sum"]]
      )
    }).pipe(run)
  )

  it.effect("is not waited for for ever", () =>
    Effect.gen(function* () {
      const url = yield* nobody
      const { result, waits } = yield* withoutWaiting(Effect.flip(asked(endpointOf(url, { readyWithin: 10 }))))
      assert.match(
        shown(result),
        /^"http:\/\/host\/v1\/models": found nobody who listens \(connection refused\), wanted an answer \(\d attempts\)$/
      )
      assert.isAtMost(
        waits.reduce((sum, wait) => sum + wait, 0),
        10
      )
      assert.isAtLeast(waits.length, 3)
    }).pipe(run)
  )

  it.effect("may have no list of models", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(({ path }) => (path === "/v1/models" ? { status: 404 } : { json: { sum: 3 } }), {
        models: "asked"
      })
      assert.deepStrictEqual(yield* asked(endpointOf(url)), { sum: 3 })
    }).pipe(run)
  )
})

const secret = "sk-secret-0123456789"
const withSecret = Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ SERVER_KEY: secret })))

describe("an API key", () => {
  it.effect("comes from the variable that is named, and is sent as a bearer token", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(() => ({ json: { sum: 3 } }))
      yield* asked(endpointOf(url, { apiKeyVariable: "SERVER_KEY" }))
      assert.deepStrictEqual(
        arrived.map(({ headers }) => headers.authorization),
        [`Bearer ${secret}`]
      )
    }).pipe(withSecret, run)
  )

  it.effect("is missed by the name of its variable before anything is sent", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(() => ({ json: { sum: 3 } }), { models: "asked" })
      const error = yield* Effect.flip(asked(endpointOf(url, { apiKeyVariable: "OTHER_KEY" })))
      assert.deepStrictEqual(
        [shown(error), arrived],
        ['"http://host/v1": found no environment variable "OTHER_KEY", wanted the API key in it', []]
      )
    }).pipe(withSecret, run)
  )

  it.effect("is in no error and in no log, whatever the server does with it", () =>
    Effect.gen(function* () {
      const replies: ReadonlyArray<Reply> = [
        { status: 401, text: `Incorrect API key: ${secret}` },
        { status: 500, text: secret },
        { text: `you said ${secret}` },
        "close"
      ]
      const lines: Array<string> = []
      const listener = Logger.make(({ cause, message }) => {
        lines.push(Inspectable.toStringUnknown(message), Inspectable.toStringUnknown(cause), String(cause))
      })
      for (const reply of replies) {
        const { url } = yield* serve(() => reply)
        const failing = asked(endpointOf(url, { apiKeyVariable: "SERVER_KEY" })).pipe(
          Effect.tapCause((cause) => Effect.logError("failed", cause)),
          Effect.provide(Logger.layer([listener]))
        )
        const { result } = yield* withoutWaiting(Effect.exit(failing))
        const { result: error } = yield* withoutWaiting(Effect.flip(failing))
        const shapes = [
          result,
          error,
          error.message,
          error.stack,
          Inspectable.toStringUnknown(error),
          Object.entries(error)
        ]
        lines.push(...shapes.map((shape) => (typeof shape === "string" ? shape : JSON.stringify(shape))))
      }
      assert.isAbove(lines.length, 40)
      assert.deepStrictEqual(
        lines.filter((line) => line.includes(secret) || line.includes(btoa(secret))),
        []
      )
      assert.isTrue(lines.some((line) => line.includes("<key>")))
    }).pipe(withSecret, run)
  )
})

describe("waitBefore()", () => {
  it("doubles between half and all, up to the longest, and never undercuts what the server told", () => {
    const draws = [1, 2, 3, 4, 5].map((attempt) => 0.5 + 0.5 * uniform(key("w"), attempt))
    const waits = [undefined, undefined, undefined, 9, 0].map((told, i) =>
      waitBefore({ firstWait: 1, longestWait: 5 }, { attempt: i + 1, key: key("w"), told })
    )
    const [first = 0, second = 0, third = 0, , fifth = 0] = draws
    assert.deepStrictEqual(waits, [first, 2 * second, 4 * third, 9, 5 * fifth])
  })
})

describe("retryAfter()", () => {
  it("reads seconds and dates, and nothing else", () => {
    const now = Date.parse("2026-01-01T00:00:00Z")
    const found = ["7", "Thu, 01 Jan 2026 00:00:05 GMT", "Wed, 31 Dec 2025 23:59:00 GMT", "soon", undefined]
    assert.deepStrictEqual(
      found.map((header) => retryAfter(header, now)),
      [7, 5, 0, undefined, undefined]
    )
  })
})
