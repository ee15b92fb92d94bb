import { assert, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { localPreference } from "../../src/judge/mod.ts"
import { key } from "../../src/random/mod.ts"
import { localRollout, Rollout } from "../../src/sampler/mod.ts"
import { localReward } from "../../src/scorer/mod.ts"
import { Services } from "../recordings.ts"
import { ask, eventsOf, folder, open } from "./open.ts"

const Models = Layer.mergeAll(
  localRollout(folder, { slots: 2 }),
  localReward("fixtures/model/reward", { batchSize: 4 }),
  localPreference("fixtures/judge/model", { batchSize: 4, generationPrompt: "add" })
).pipe(Layer.provideMerge(Services))

const prompt = [1, 20, 21, 22]
const text = { prompt, seed: 5, n: 2, max_tokens: 6 }
const messages = [{ role: "user", content: "goat kelp ice" }]

/** What the model draws for these tokens, as the server asks it. */
const drawn = Effect.fnUntraced(function* (ids: ReadonlyArray<number>, seed: number, n: number, maxNewTokens: number) {
  const { draw } = yield* Rollout
  const requests = Array.from({ length: n }, (_, i) => ({
    ids: Int32Array.from(ids),
    key: key(seed, "choice", i),
    temperature: 1,
    maxNewTokens,
    logProbabilities: true
  }))
  return yield* draw(requests)
})

layer(Models)("a served policy", (it) => {
  it.effect("completes token ids as the rollout draws them, in the shape of the OpenAI API", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const expected = yield* drawn(prompt, 5, 2, 6)
      const unsaid = { stop: null, min_p: null, metadata: { user: null } } // as if they were not there
      const { json, status } = yield* ask(`${url}/v1/completions`, { body: { ...text, ...unsaid } })
      assert.strictEqual(status, 200)
      const { id, ...rest } = json
      assert.match(id, /^cmpl-[0-9a-f]{16}$/)
      const tokens = expected.reduce((sum, { ids }) => sum + ids.length, 0)
      assert.deepStrictEqual(rest, {
        object: "text_completion",
        created: 0, // the clock of tests
        model: "tiny",
        system_fingerprint: "prefloop-test",
        choices: expected.map((one, index) => ({
          index,
          text: one.text,
          finish_reason: one.finish,
          logprobs: null
        })),
        usage: { prompt_tokens: 4, completion_tokens: tokens, total_tokens: 4 + tokens }
      })
    })
  )

  it.effect("gives the same response with a seed: alone, beside others, among n, in a list, streamed", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const texts = (body: object) =>
        Effect.map(ask(`${url}/v1/completions`, { body }), ({ json }) => json.choices.map((each: any) => each.text))
      const both = yield* texts(text)
      const others = Array.from({ length: 7 }, (_, i) => ({ prompt: [1, 30 + i], seed: i, max_tokens: 20 }))
      const [beside] = yield* Effect.all([texts(text), ...others.map(texts)], { concurrency: 8 })
      assert.deepStrictEqual(beside, both)
      assert.deepStrictEqual(yield* texts({ ...text, n: 1 }), both.slice(0, 1))
      assert.deepStrictEqual((yield* texts({ ...text, prompt: [[1, 9], prompt] })).slice(2), both)
      const streamed = yield* ask(`${url}/v1/completions`, { body: { ...text, stream: true } })
      const events = eventsOf(streamed.text)
      assert.strictEqual(streamed.headers.get("content-type"), "text/event-stream")
      assert.strictEqual(events.at(-1), "[DONE]")
      const pieces = events.slice(0, -1).flatMap(({ choices }) => choices)
      const joined = [0, 1].map((index) => pieces.flatMap((each) => (each.index === index ? [each.text] : [])).join(""))
      assert.deepStrictEqual(joined, both)
      assert.isUndefined(events[0].usage)
    })
  )

  it.effect("draws another response for each request without a seed", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const one = ask(`${url}/v1/completions`, { body: { prompt, max_tokens: 12 } })
      const [a, b] = [yield* one, yield* one]
      assert.notStrictEqual(a.json.choices[0].text, b.json.choices[0].text)
      assert.notStrictEqual(a.json.id, b.json.id)
    })
  )

  it.effect("answers a conversation whole and in pieces, with usage, log-probabilities and ids", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const body = {
        messages,
        seed: 2,
        temperature: 0.5,
        top_k: 3,
        max_completion_tokens: 5,
        logprobs: true,
        return_token_ids: true
      }
      const { json } = yield* ask(`${url}/v1/chat/completions`, { body })
      const [choice] = json.choices
      assert.deepStrictEqual(Object.keys(choice).toSorted(), [
        "finish_reason",
        "index",
        "logprobs",
        "message",
        "token_ids"
      ])
      assert.strictEqual(choice.message.role, "assistant")
      assert.strictEqual(choice.logprobs.content.length, choice.token_ids.length)
      assert.strictEqual(json.usage.completion_tokens, choice.token_ids.length)
      const asked = { ...body, stream: true, stream_options: { include_usage: true } }
      const streamed = yield* ask(`${url}/v1/chat/completions`, { body: asked })
      const events = eventsOf(streamed.text)
      const [opening, ...others] = events.slice(0, -2)
      assert.deepStrictEqual(opening.choices, [
        { index: 0, finish_reason: null, logprobs: null, delta: { role: "assistant", content: "" } }
      ])
      assert.strictEqual(opening.usage, null)
      const pieces = others.flatMap(({ choices }) => choices)
      assert.strictEqual(pieces.map(({ delta }) => delta.content ?? "").join(""), choice.message.content)
      assert.deepStrictEqual(
        pieces.flatMap(({ token_ids }) => token_ids),
        choice.token_ids
      )
      assert.deepStrictEqual(
        pieces.flatMap(({ logprobs }) => logprobs.content),
        choice.logprobs.content
      )
      assert.deepStrictEqual(
        pieces.map(({ finish_reason }) => finish_reason).filter((each) => each !== null),
        [choice.finish_reason]
      )
      assert.deepStrictEqual([events.at(-2).choices, events.at(-2).usage], [[], json.usage])
      assert.strictEqual(events.at(-1), "[DONE]")
    })
  )

  it.effect("tells where each token of a text begins", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const [expected] = yield* drawn(prompt, 5, 1, 6)
      const body = { ...text, n: 1, logprobs: 1 }
      const { json } = yield* ask(`${url}/v1/completions`, { body })
      const { text_offset, token_logprobs, tokens } = json.choices[0].logprobs
      assert.deepStrictEqual(token_logprobs, expected?.logProbabilities)
      let end = 0
      const begins = tokens.map((token: string) => (end += token.length) - token.length)
      assert.deepStrictEqual(text_offset, begins)
      const streamed = yield* ask(`${url}/v1/completions`, { body: { ...body, stream: true } })
      const pieces = eventsOf(streamed.text)
        .slice(0, -1)
        .flatMap(({ choices }) => choices)
      assert.deepStrictEqual(
        pieces.flatMap(({ logprobs }) => logprobs.text_offset),
        begins
      )
    })
  )

  it.effect("stops before a stop string, given alone or in a list", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const whole = yield* ask(`${url}/v1/completions`, { body: { ...text, n: 1 } })
      const full: string = whole.json.choices[0].text
      const stop = full.slice(4, 7)
      for (const given of [stop, ["never", stop]]) {
        const { json } = yield* ask(`${url}/v1/completions`, { body: { ...text, n: 1, stop: given } })
        const { finish_reason, text: cut } = json.choices[0]
        assert.deepStrictEqual([cut, finish_reason], [full.slice(0, full.indexOf(stop)), "stop"])
      }
    })
  )
})
