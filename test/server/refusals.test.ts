import { request } from "node:http"
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { Preference } from "../../src/judge/mod.ts"
import { localRollout } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"
import { serve } from "../../src/server/mod.ts"
import { mostAtOnce } from "../../src/tokenizing/mod.ts"
import { Services } from "../recordings.ts"
import { type Answered, ask, folder, open, options } from "./open.ts"

/** A token takes 2 (keys and values) · 2 layers · 2 heads · 16 features · 4 bytes; 50 of them fit. */
const cacheMemory = 50 * 512

const Models = Layer.mergeAll(
  localRollout(folder, { slots: 2, cacheMemory }),
  Reward.layerOf((_, response) => response.length),
  Preference.layerOf(() => 0.5)
).pipe(Layer.provideMerge(Services))

const messages = [{ role: "user", content: "what grows here" }]
const rows = [{ messages, response: "a" }]

/** Status, type, param, code and message of an error. */
const told = ({ json, status }: Answered) => {
  const { code, message, param, type } = json.error
  return [status, type, param, code, message]
}
const invalid = (param: string | null, message: string, code: string | null = null) => [
  400,
  "invalid_request_error",
  param,
  code,
  message
]
const read = "Cannot read the request:"

const missing = (param: string | null, code: string, message: string) => [404, "not_found_error", param, code, message]

const unauthorized = (found: string) => [
  401,
  "authentication_error",
  null,
  "invalid_api_key",
  `Cannot answer: ${found}, wanted the server's in "Authorization: Bearer KEY"`
]

/** Bodies of a chat beside its messages, and how they are refused. */
const chats: ReadonlyArray<readonly [object, ReturnType<typeof invalid>]> = [
  [{ n: 0 }, invalid("n", `${read} "n": found 0, wanted a value between 1 and 128`)],
  [
    { temperature: -1 },
    invalid("temperature", `${read} "temperature": found -1, wanted a value greater than or equal to 0`)
  ],
  [{ top_p: 0 }, invalid("top_p", `${read} "top_p": found 0, wanted a value greater than 0`)],
  [{ stop: "" }, invalid("stop", `${read} "stop": found "", wanted a value with a length of at least 1`)],
  [{ stop: ["a", ""] }, invalid("stop[1]", `${read} "stop[1]": found "", wanted a value with a length of at least 1`)],
  [
    { max_tokens: 0 },
    invalid("max_tokens", `${read} "max_tokens": found 0, wanted a value greater than or equal to 1`)
  ],
  [{ seed: 0.5 }, invalid("seed", `${read} "seed": found 0.5, wanted an integer`)],
  [{ frequency_penalty: 0.5 }, invalid("frequency_penalty", `${read} "frequency_penalty": found 0.5, wanted 0`)],
  [{ top_logprobs: 3 }, invalid("top_logprobs", `${read} "top_logprobs": found 3, wanted 0`)],
  [{ beam: 4 }, invalid("beam", `${read} found the key "beam", which is not known here`, "unknown_parameter")],
  [
    { tools: [{ type: "function" }] },
    invalid("tools", `${read} "tools": found [{"type":"function"}], wanted a value with a length of at most 0`)
  ],
  [{ messages: [] }, invalid("messages", `${read} "messages": found [], wanted a value with a length of at least 1`)],
  [
    { messages: [{ role: "tool", content: "a" }] },
    invalid(
      "messages[0].role",
      `${read} "messages[0].role": found "tool", wanted "system" | "developer" | "user" | "assistant"`
    )
  ],
  [
    { messages: [{ role: "user" }] },
    invalid("messages[0].content", `${read} "messages[0].content": found nothing, wanted a value`)
  ],
  [
    { messages: [{ role: "user", content: null }] },
    invalid("messages[0].content", `${read} "messages[0].content": found nothing, wanted a value`)
  ],
  [
    { stop_token_ids: [1, null] },
    invalid("stop_token_ids[1]", `${read} "stop_token_ids[1]": found null, wanted number`)
  ],
  [
    { stream_options: { include_usage: true } },
    invalid("stream_options", `${read} found "stream_options", wanted it only beside "stream": true`)
  ]
]

layer(Models)("a request that is not answered", (it) => {
  for (const [change, expected] of chats) {
    it.effect(`is refused for ${JSON.stringify(change)}`, () =>
      Effect.gen(function* () {
        const url = yield* open()
        assert.deepStrictEqual(
          told(yield* ask(`${url}/v1/chat/completions`, { body: { messages, ...change } })),
          expected
        )
      })
    )
  }

  it.effect("is refused before a stream of its answer begins", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const texts = (body: object) =>
        Effect.map(ask(`${url}/v1/completions`, { body: { stream: true, ...body } }), told)
      assert.deepStrictEqual(
        [
          yield* texts({ prompt: "" }),
          yield* texts({ prompt: [] }),
          yield* texts({ prompt: [1, 188] }),
          yield* texts({ prompt: Array.from({ length: 64 }, () => 20) }),
          yield* texts({ prompt: [1, 2], max_tokens: 63 }),
          yield* texts({ prompt: [1, 2], max_tokens: 60 }),
          yield* texts({ prompt: [1, 2], stop_token_ids: [500] }),
          yield* texts({ prompt: Array.from({ length: 9 }, () => [1, 2]), n: 120 })
        ],
        [
          invalid("prompt", 'Cannot answer: "prompt": found no token, wanted at least one'),
          invalid("prompt", 'Cannot answer: "prompt": found no token, wanted at least one'),
          invalid("prompt", 'Cannot answer: "prompt": found token 188, wanted tokens from 0 to 187'),
          invalid(
            "prompt",
            "Cannot answer: found a prompt of 64 tokens, wanted fewer than 64 beside max_tokens",
            "context_length_exceeded"
          ),
          invalid(
            "prompt",
            "Cannot answer: found a prompt of 2 tokens, wanted fewer than 2 beside max_tokens",
            "context_length_exceeded"
          ),
          invalid(
            "prompt",
            'Cannot sample responses: prompt "" and its response need a cache of 61 tokens: found a budget of 25600 bytes, wanted 31232 (raise "cacheMemory" or lower "maxNewTokens")',
            "cache_too_small"
          ),
          invalid("stop_token_ids", 'Cannot answer: "stop_token_ids": found token 500, wanted tokens from 0 to 187'),
          invalid("n", "Cannot answer: found 1080 responses asked for (prompts times n), wanted at most 1024")
        ]
      )
    })
  )

  it.effect("is refused for a prompt beyond the context, which another thread has read", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const content = "what grows here ".repeat(mostAtOnce / 10)
      const refused = yield* ask(`${url}/v1/chat/completions`, { body: { messages: [{ role: "user", content }] } })
      const [status, , param, code, message] = told(refused)
      assert.deepStrictEqual([status, param, code], [400, "messages", "context_length_exceeded"])
      assert.match(message, /^Cannot encode the prompt: found \d{3,} tokens, wanted fewer than the context of 64$/)
    })
  )

  it.effect("is refused for a body that is no JSON, too large, or of another type", () =>
    Effect.gen(function* () {
      const url = `${yield* open({ largestBody: 100 })}/v1/score`
      const wide = { rows: [{ messages, response: "a".repeat(100) }] }
      assert.deepStrictEqual(
        [
          told(yield* ask(url, { text: "{" })),
          told(yield* ask(url, { text: "[]" })),
          told(yield* ask(url, { body: wide })),
          told(yield* ask(url, { text: "{}", headers: { "content-type": "text/plain" } }))
        ],
        [
          invalid(null, `${read} found a body that is no JSON, wanted an object`),
          invalid(null, `${read} the body: found [], wanted object`),
          [
            413,
            "invalid_request_error",
            null,
            "request_too_large",
            `${read} found a body of more than 100 bytes, wanted at most that`
          ],
          invalid(null, `${read} found content type "text/plain", wanted "application/json"`)
        ]
      )
    })
  )

  it.effect("is refused for a body that is too large, though it does not say how large", () =>
    Effect.gen(function* () {
      const url = `${yield* open({ largestBody: 100 })}/v1/score`
      const status = yield* Effect.promise(async () => {
        const body = ReadableStream.from(["a", "b", "c"].map((letter) => Buffer.from(letter.repeat(40))))
        const headers = { "content-type": "application/json" }
        const asked: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" }
        return (await fetch(url, asked)).status
      })
      assert.strictEqual(status, 413)
    })
  )

  it.effect("is refused for a host that is another machine's name, where no key is wanted", () =>
    Effect.gen(function* () {
      const url = new URL(yield* open())
      const status = yield* Effect.callback<number | undefined>((resume) => {
        const asked = request(`${url.origin}/v1/models`, { headers: { host: "rebound.example" } }, (response) => {
          response.resume()
          resume(Effect.succeed(response.statusCode))
        })
        asked.end()
      })
      assert.strictEqual(status, 403)
    })
  )

  it.effect("is refused for a model that is not served, and for an address that is none", () =>
    Effect.gen(function* () {
      const url = yield* open({}, { preference: undefined })
      assert.deepStrictEqual(
        [
          told(yield* ask(`${url}/v1/chat/completions`, { body: { model: "gpt", messages } })),
          told(yield* ask(`${url}/v1/score`, { body: { model: "gpt", rows } })),
          told(yield* ask(`${url}/v1/preference`, { body: { rows: [{ messages, first: "a", second: "b" }] } })),
          told(yield* ask(`${url}/v1/embeddings?a=b`, { body: {} })),
          told(yield* ask(`${url}/v1/score`))
        ],
        [
          missing("model", "model_not_found", 'Cannot find the policy model: found "gpt", wanted "tiny"'),
          missing("model", "model_not_found", 'Cannot find the reward model: found "gpt", wanted "judge"'),
          missing("model", "model_not_found", "Cannot find the preference model: found no name, none is served here"),
          missing(
            null,
            "unknown_url",
            'Cannot answer: found "POST /v1/embeddings", which is no address here; GET /openapi.json lists them'
          ),
          missing(
            null,
            "unknown_url",
            'Cannot answer: found "GET /v1/score", which is no address here; GET /openapi.json lists them'
          )
        ]
      )
    })
  )
})

layer(Models)("an API key", (it) => {
  const key = Redacted.make("open sesame")

  it.effect("is wanted below /v1, and is told to nobody", () =>
    Effect.gen(function* () {
      const url = yield* open({ key })
      const withKey = (authorization: string) => ask(`${url}/v1/models`, { headers: { authorization } })
      assert.deepStrictEqual(told(yield* ask(`${url}/v1/models`)), unauthorized("found no API key"))
      assert.deepStrictEqual(told(yield* withKey("Bearer open")), unauthorized("found another API key"))
      assert.deepStrictEqual(told(yield* withKey("Bearer ")), unauthorized("found another API key"))
      assert.strictEqual((yield* withKey("Bearer open sesame")).status, 200)
      assert.deepStrictEqual((yield* ask(`${url}/health`)).json, { status: "ok" })
    })
  )

  it.effect("is wanted before other machines reach an address", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(serve({}, { ...options, host: "0.0.0.0", port: 8080 }))
      assert.strictEqual(
        error.message,
        'Cannot serve on "0.0.0.0:8080": found no API key in the environment variable "PREFLOOP_API_KEY", wanted one: other machines reach this address'
      )
    })
  )
})

layer(Models)("a server", (it) => {
  it.effect("says what it serves and what it is asked", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const models = yield* ask(`${url}/v1/models`)
      assert.deepStrictEqual(models.json, {
        object: "list",
        data: ["tiny", "judge", "pair"].map((id) => ({ id, object: "model", created: 0, owned_by: "prefloop" }))
      })
      const { json } = yield* ask(`${url}/openapi.json`)
      assert.deepStrictEqual(Object.keys(json.paths).toSorted(), [
        "/health",
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/models",
        "/v1/preference",
        "/v1/score"
      ])
      assert.match((yield* ask(`${url}/docs`)).text, /^<!doctype html>/i)
    })
  )

  it.effect("scores and compares rows in their order", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const responses = ["aaa", "", "a"].map((response) => ({ messages, response }))
      assert.deepStrictEqual((yield* ask(`${url}/v1/score`, { body: { rows: responses } })).json, {
        rewards: [3, 0, 1]
      })
      const pairs = [{ messages, first: "a", second: "b" }]
      assert.deepStrictEqual((yield* ask(`${url}/v1/preference`, { body: { model: "pair", rows: pairs } })).json, {
        probabilities: [0.5]
      })
    })
  )

  it.effect("cannot listen where another one does", () =>
    Effect.gen(function* () {
      const port = Number(new URL(yield* open()).port)
      const error = yield* Effect.flip(open({ port }))
      assert.match(error.message, new RegExp(`^Cannot serve on "127.0.0.1:${port}": listen EADDRINUSE`))
    })
  )
})
