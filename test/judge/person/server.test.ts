import { request } from "node:http"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { type Desk, servePage } from "../../../src/judge/person/mod.ts"
import { refusalOf } from "../../../src/judge/person/admit.ts"
import { deskOf, pair } from "./pairs.ts"

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** One request with exactly these headers: a browser's fetch would not let a page choose them. */
const send = (url: string, method: string, headers: Record<string, string>, body = "") =>
  Effect.promise(
    () =>
      new Promise<Answer>((resolve, reject) => {
        const sent = request(url, { method, headers: { ...headers, connection: "close" } }, (response) => {
          let text = ""
          response.on("data", (chunk: Buffer) => (text += chunk.toString()))
          response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }))
        })
        sent.on("error", reject)
        sent.end(body)
      })
  )

const served = <A, E>(
  desk: Effect.Effect<Desk>,
  use: (url: string, desk: Desk) => Effect.Effect<A, E>,
  closes = true
): Effect.Effect<A, unknown> =>
  Effect.gen(function* () {
    const made = yield* desk
    return yield* use(yield* servePage(made, { port: 0, idle: "none", closes }), made)
  }).pipe(Effect.scoped, Effect.provide(NodeServices.layer))

const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
  const text = JSON.stringify(body)
  const all = {
    origin: new URL(url).origin,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text))
  }
  return send(`${url}${path}`, "POST", { ...all, ...headers }, text)
}

const said = { annotator: "ann", pairId: "a", choice: "upper" }

const garbled = (url: string) =>
  send(
    `${url}verdict`,
    "POST",
    { origin: new URL(url).origin, "content-type": "application/json", "content-length": "3" },
    "{{{"
  )

const chunked = (url: string) =>
  send(
    `${url}verdict`,
    "POST",
    { origin: new URL(url).origin, "content-type": "application/json", "transfer-encoding": "chunked" },
    JSON.stringify(said)
  )

describe("servePage()", () => {
  it.live("serves the page to this machine, with a policy that runs its own script and no other", () =>
    served(deskOf(["ann"], [pair("a")]), (url) =>
      Effect.gen(function* () {
        assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\/$/)
        const { headers, status, text } = yield* send(url, "GET", {})
        assert.strictEqual(status, 200)
        const policy = String(headers["content-security-policy"])
        assert.match(policy, /default-src 'none'; script-src 'sha256-[^ ;']+'; style-src 'sha256-[^ ;']+';/)
        assert.notMatch(policy, /unsafe|http:|https:|\*/)
        assert.notMatch(text, /src=|@import|url\(|innerHTML|\son[a-z]+=/)
      })
    )
  )

  it.live("takes verdicts of its page, and gives the next view", () =>
    served(deskOf(["ann"], [pair("a"), pair("b")]), (url) =>
      Effect.gen(function* () {
        const state = yield* send(`${url}state?annotator=ann`, "GET", {})
        assert.strictEqual(JSON.parse(state.text).pair.pairId, "a")
        const next = yield* post(url, "verdict", said)
        const view = JSON.parse(next.text)
        assert.deepStrictEqual([next.status, view.done, view.pair.pairId], [200, 1, "b"])
        const back = yield* post(url, "undo", { annotator: "ann" })
        assert.deepStrictEqual([back.status, JSON.parse(back.text).done], [200, 0])
      })
    )
  )

  const refusals: ReadonlyArray<readonly [string, number, (url: string) => Effect.Effect<Answer>]> = [
    ["another site's form", 403, (url) => post(url, "verdict", said, { origin: "http://evil.example" })],
    ["a program without an origin", 403, (url) => post(url, "verdict", said, { origin: "" })],
    ["a page on another port", 403, (url) => post(url, "verdict", said, { origin: "http://127.0.0.1:1" })],
    ["a name that was pointed here", 403, (url) => send(`${url}state?annotator=ann`, "GET", { host: "evil.example" })],
    ["a form's content type", 415, (url) => post(url, "verdict", said, { "content-type": "text/plain" })],
    ["a large body", 413, (url) => post(url, "verdict", { ...said, choice: "x".repeat(20_000) })],
    ["a body without a length", 413, (url) => chunked(url)],
    ["a choice that is none", 400, (url) => post(url, "verdict", { ...said, choice: "both" })],
    ["no JSON", 400, (url) => garbled(url)],
    ["a stranger", 404, (url) => post(url, "verdict", { ...said, annotator: "eve" })],
    ["a pair that is not shown", 409, (url) => post(url, "verdict", { ...said, pairId: "b" })],
    ["one who does not know the secret", 404, (url) => send(new URL("/state?annotator=ann", url).href, "GET", {})],
    ["one who guesses the secret", 404, (url) => send(new URL(`/${"A".repeat(22)}/`, url).href, "GET", {})],
    ["an address that is none", 404, (url) => send(`${url}labels.arrow`, "GET", {})]
  ]

  for (const [who, status, ask] of refusals) {
    it.live(`refuses ${who} with ${status} and a sentence, and changes nothing`, () =>
      served(deskOf(["ann"], [pair("a")]), (url, desk) =>
        Effect.gen(function* () {
          const answer = yield* ask(url)
          assert.strictEqual(answer.status, status, answer.text)
          assert.match(JSON.parse(answer.text).message, /^Cannot /)
          assert.deepStrictEqual((yield* desk.ledger).judgements, [])
        })
      )
    )
  }

  it.live("ends the work when the page says so, but not that of a run", () =>
    Effect.gen(function* () {
      const ended = yield* served(deskOf(["ann"], []), (url, desk) =>
        Effect.andThen(post(url, "finish", {}), desk.finished)
      )
      assert.isUndefined(ended)
      const refused = yield* served(deskOf(["ann"], []), (url) => post(url, "finish", {}), false)
      assert.strictEqual(refused.status, 403)
    })
  )

  it.live("says which port is taken", () =>
    served(deskOf(["ann"], []), (url, desk) =>
      Effect.gen(function* () {
        const port = Number(new URL(url).port)
        const error = yield* servePage(desk, { port, idle: "", closes: true }).pipe(
          Effect.scoped,
          Effect.provide(NodeServices.layer),
          Effect.flip
        )
        assert.include(error.message, `Cannot serve the page: listen EADDRINUSE`)
      })
    )
  )
})

describe("refusalOf()", () => {
  const host = "127.0.0.1:80"
  it("lets a link from another site open the page, and lets it read nothing", () => {
    const from = { host, "sec-fetch-site": "cross-site" }
    assert.isUndefined(refusalOf({ method: "GET", headers: { ...from, "sec-fetch-mode": "navigate" } }, 80))
    assert.strictEqual(refusalOf({ method: "GET", headers: { ...from, "sec-fetch-mode": "no-cors" } }, 80)?.status, 403)
  })
})
