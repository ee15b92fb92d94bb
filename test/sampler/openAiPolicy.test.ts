import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Result } from "effect"
import type { Candidates, Prompt } from "../../schemas/mod.ts"
import { key } from "../../src/random/mod.ts"
import { type Endpoint, httpClient } from "../../src/remote/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import {
  type OpenAiSampler,
  openAiPolicy,
  Policy,
  type SampleRequest,
  type Usage,
  UsageReport
} from "../../src/sampler/mod.ts"
import { type Arrived, endpointOf, nobody, type Reply, serve, withoutWaiting } from "../remote/serve.ts"

const prompt = (promptId: string): Prompt => ({ promptId, messages: [{ role: "user", content: `say ${promptId}` }] })

const request: SampleRequest = {
  prompts: [prompt("x"), prompt("y"), prompt("z")],
  temperatures: [1, 0.5],
  perTemperature: 2,
  maxNewTokens: 7,
  seed: 3,
  iteration: 2
}

type Change = Partial<Endpoint> & Partial<OpenAiSampler>

/** The policy of the server at an address. */
const policyOf = (url: string, change: Change = {}) => openAiPolicy({ ...endpointOf(url), model: "m", ...change })

const sampled = (url: string, change: Change = {}, asked = request) =>
  Effect.flatMap(Policy, ({ sample }) => sample(asked)).pipe(Effect.provide(policyOf(url, change)))

const run = <A, E>(effect: Effect.Effect<A, E, any>) =>
  Effect.scoped(effect).pipe(Effect.provide(httpClient)) as Effect.Effect<A, E>

/** A text that tells what it answers: the message, the temperature, the seed and the place of the choice. */
const say = ({ body }: Arrived, index: number) =>
  `${body.messages[0].content} at ${body.temperature} by ${body.seed}+${index}`

const choice = (content: string, index: number) => ({
  index,
  finish_reason: "stop",
  message: { role: "assistant", content }
})

/** The answer with `count` choices, in the wrong order. */
const choices = (asked: Arrived, count: number): Reply => {
  const found = Array.from({ length: count }, (_, index) => choice(say(asked, index), index)).toReversed()
  return { json: { choices: found, usage: { prompt_tokens: 5, completion_tokens: 10 * count } } }
}

/** A server that does what it is asked. */
const obedient = (asked: Arrived) => choices(asked, asked.body.n)
/** A server that gives one choice whatever n is. */
const single = (asked: Arrived) => choices(asked, 1)

const seedOf = (id: string, sample: number) => key(3, "sample", 2, id, sample)[0] >>> 1

const texts = (rows: ReadonlyArray<Candidates>) =>
  rows.map(({ promptId, responses }) => [promptId, ...responses.map(({ text }) => text)])

/** The texts of samples asked for in twos (each two share a seed), or one by one. */
const expectedOf = (id: string, together: boolean) => {
  const said = [0, 1, 2, 3].map((sample) => {
    const first = together ? sample - (sample % 2) : sample
    return `say ${id} at ${sample < 2 ? 1 : 0.5} by ${seedOf(id, first)}+${sample - first}`
  })
  return [id, ...said]
}
const expected = (together: boolean) => ["x", "y", "z"].map((id) => expectedOf(id, together))

/** The message of the failure of a server that replies like this, with its port taken out. */
const refusal = (reply: (asked: Arrived) => Reply, change: Change = {}) =>
  Effect.gen(function* () {
    const { url } = yield* serve(reply)
    const { result } = yield* withoutWaiting(Effect.flip(sampled(url, change)))
    return [result.reason._tag, result.message.replaceAll(/127\.0\.0\.1:\d+/g, "host")]
  })

describe("openAiPolicy()", () => {
  it.effect("asks once for each prompt and temperature, and puts every choice in its place", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(obedient)
      const rows = yield* sampled(url)
      assert.deepStrictEqual(texts(rows), expected(true))
      assert.strictEqual(arrived.length, 6)
      assert.deepStrictEqual(rows[1]?.responses[3], {
        text: `say y at 0.5 by ${seedOf("y", 2)}+1`,
        tokens: 10,
        finish: "stop",
        temperature: 0.5,
        sample: 3
      })
    }).pipe(run)
  )

  it.effect("keeps prompts and answers together whatever order the answers come in", () =>
    Effect.gen(function* () {
      const held: Array<() => void> = []
      // the six requests are answered in the reverse of the order they came in, once all of them are there
      const { url } = yield* serve(async (asked) => {
        await new Promise<void>((resolve) => {
          held.push(resolve)
          if (held.length === 6) held.toReversed().forEach((answer) => answer())
        })
        return obedient(asked)
      })
      assert.deepStrictEqual(texts(yield* sampled(url, { concurrency: 6 })), expected(true))
    }).pipe(run)
  )

  it.effect("writes everything that shapes the draw, and lets nothing to defaults of the server", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(obedient)
      const one = { ...request, prompts: [prompt("x")], temperatures: [1] }
      const shaped = { topK: 4, topP: 0.9, minP: 0.1, repetitionPenalty: 1.5, stop: ["\n"], logProbabilities: true }
      yield* sampled(url, {}, one)
      yield* sampled(url, { extra: { seed_mode: "strict" }, tokenIds: "ask" }, { ...one, ...shaped })
      yield* sampled(url, { extensions: "omit" }, one)
      const same = {
        model: "m",
        messages: [{ role: "user", content: "say x" }],
        n: 2,
        seed: seedOf("x", 0),
        temperature: 1,
        max_tokens: 7
      }
      assert.deepStrictEqual(
        arrived.map(({ body }) => body),
        [
          { ...same, top_p: 1, top_k: -1, min_p: 0, repetition_penalty: 1 },
          {
            ...same,
            top_p: 0.9,
            top_k: 4,
            min_p: 0.1,
            repetition_penalty: 1.5,
            repeat_penalty: 1.5,
            repeat_last_n: 65_536,
            stop: ["\n"],
            logprobs: true,
            return_token_ids: true,
            seed_mode: "strict"
          },
          { ...same, top_p: 1 }
        ]
      )
    }).pipe(run)
  )

  it.effect("asks one by one a server that gives one choice, with the same seeds as if it always had", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(single)
      const rows = yield* sampled(url, { concurrency: 1 })
      assert.deepStrictEqual(texts(rows), expected(false))
      // the first question is for two; from then on it is known
      assert.deepStrictEqual(
        arrived.map(({ body }) => body.n),
        [2, ...Array.from({ length: 11 }, () => 1)]
      )
      const { url: other } = yield* serve(obedient)
      assert.deepStrictEqual(texts(yield* sampled(other, { samples: "oneByOne" })), expected(false))
    }).pipe(run)
  )

  for (const status of [400, 500]) {
    it.effect(`asks one by one a server that refuses several with status ${status}, and does not insist`, () =>
      Effect.gen(function* () {
        const { arrived, url } = yield* serve((asked) =>
          asked.body.n > 1 ? { status, text: "Only one completion choice is allowed" } : single(asked)
        )
        const { result, waits } = yield* withoutWaiting(sampled(url, { concurrency: 1 }))
        assert.deepStrictEqual([texts(result), waits], [expected(false), []])
        assert.deepStrictEqual(
          arrived.map(({ body }) => body.n),
          [2, ...Array.from({ length: 12 }, () => 1)]
        )
      }).pipe(run)
    )
  }

  it.effect("asks for one at a time at temperature 0, where a server may refuse several", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(obedient)
      yield* sampled(url, { concurrency: 1 }, { ...request, prompts: [prompt("x"), prompt("y")], temperatures: [0, 1] })
      assert.deepStrictEqual(
        arrived.map(({ body }) => [body.temperature, body.n]),
        [
          [0, 1],
          [0, 1],
          [1, 2],
          [0, 1],
          [0, 1],
          [1, 2]
        ]
      )
    }).pipe(run)
  )

  it.effect("keeps asking for several, through errors that pass, a server that gave several before", () =>
    Effect.gen(function* () {
      let answers = 0
      const { arrived, url } = yield* serve((asked) => (++answers === 2 ? { status: 500 } : obedient(asked)))
      const { result, waits } = yield* withoutWaiting(sampled(url, { concurrency: 1 }))
      assert.deepStrictEqual([texts(result), waits.length], [expected(true), 1])
      assert.deepStrictEqual(
        arrived.map(({ body }) => body.n),
        Array.from({ length: 7 }, () => 2)
      )
    }).pipe(run)
  )

  it.effect("asks only for what an answer left out", () =>
    Effect.gen(function* () {
      // of three choices, the middle one is missing
      const { arrived, url } = yield* serve((asked) => {
        if (asked.body.n === 1) return single(asked)
        const some = [0, 2].map((index) => choice(say(asked, index), index))
        return { json: { choices: some, usage: { completion_tokens: 4 } } }
      })
      const rows = yield* sampled(url, {}, { ...request, prompts: [prompt("x")], temperatures: [1], perTemperature: 3 })
      const by = (sample: number, index: number) => `say x at 1 by ${seedOf("x", sample)}+${index}`
      assert.deepStrictEqual(texts(rows), [["x", by(0, 0), by(1, 0), by(0, 2)]])
      assert.deepStrictEqual(
        rows[0]?.responses.map(({ sample }) => sample),
        [0, 1, 2]
      )
      assert.deepStrictEqual(
        arrived.map(({ body }) => [body.n, body.seed]),
        [
          [3, seedOf("x", 0)],
          [1, seedOf("x", 1)]
        ]
      )
    }).pipe(run)
  )

  it.effect("asks nothing twice that was answered while another request fails", () =>
    Effect.gen(function* () {
      let failures = 2
      const { arrived, url } = yield* serve((asked) => {
        const bad = asked.body.messages[0].content === "say y" && failures-- > 0
        return bad ? { status: 503 } : obedient(asked)
      })
      const { result } = yield* withoutWaiting(sampled(url, { concurrency: 1 }))
      assert.deepStrictEqual(texts(result), expected(true))
      assert.deepStrictEqual(
        arrived.map(({ body }) => body.messages[0].content),
        ["say x", "say x", "say y", "say y", "say y", "say y", "say z", "say z"]
      )
    }).pipe(run)
  )

  it.effect("does not depend on which prompts are asked beside a prompt", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(obedient)
      const whole = yield* sampled(url)
      const alone = yield* sampled(url, {}, { ...request, prompts: [prompt("y")] })
      assert.deepStrictEqual(alone, whole.slice(1, 2))
    }).pipe(run)
  )

  it.effect("asks /completions with token ids when it is given an encoder", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve(({ body }) => ({
        json: {
          choices: [0, 1].map((index) => ({
            index,
            finish_reason: "length",
            text: `${body.prompt}/${index}`,
            logprobs: { token_logprobs: [-0.5, -1] }
          }))
        }
      }))
      const layer = openAiPolicy(
        { ...endpointOf(url), model: "m" },
        { encode: ({ promptId }) => Result.succeed([promptId.length, 9]) }
      )
      const one = { ...request, prompts: [prompt("xyz")], temperatures: [1], logProbabilities: true }
      const rows = yield* Effect.flatMap(Policy, ({ sample }) => sample(one)).pipe(Effect.provide(layer))
      assert.deepStrictEqual(
        arrived.map(({ body, path }) => [path, body.prompt, body.messages, body.logprobs]),
        [["/v1/completions", [3, 9], undefined, 1]]
      )
      assert.deepStrictEqual(
        rows[0]?.responses,
        [0, 1].map((sample) => ({
          text: `3,9/${sample}`,
          tokens: 2,
          finish: "length" as const,
          temperature: 1,
          sample,
          logProbabilities: [-0.5, -1]
        }))
      )
    }).pipe(run)
  )

  it.effect("takes log-probabilities and token ids where the server gives them, and counts tokens by them", () =>
    Effect.gen(function* () {
      const told = { token_ids: [4, 5, 6], logprobs: { content: [{ logprob: -1 }, { logprob: -2 }, { logprob: 0 }] } }
      const { url } = yield* serve(() => ({
        json: { choices: [0, 1].map((index) => Object.assign(choice("a", index), told)) }
      }))
      const one = { ...request, prompts: [prompt("x")], temperatures: [0.5] }
      const rows = yield* sampled(url, {}, { ...one, logProbabilities: true })
      const response = { text: "a", tokens: 3, finish: "stop" as const, temperature: 0.5, ids: [4, 5, 6] }
      assert.deepStrictEqual(
        rows[0]?.responses,
        [0, 1].map((sample) => Object.assign({ sample, logProbabilities: [-1, -2, 0] }, response))
      )
      const silent = yield* sampled(url, {}, one)
      assert.deepStrictEqual(
        silent[0]?.responses.map((each) => Object.keys(each).includes("logProbabilities")),
        [false, false]
      )
    }).pipe(run)
  )

  it.effect("shares out a sum of tokens by the length of the texts", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(() => ({
        json: { choices: [choice("aaaa", 0), choice("a", 1)], usage: { completion_tokens: 7 } }
      }))
      const rows = yield* sampled(url, {}, { ...request, prompts: [prompt("x")], temperatures: [1] })
      // 7·4/5 = 5.6 and 7·1/5 = 1.4: 5 and 1, and the one that is left goes to the larger remainder
      assert.deepStrictEqual(
        rows[0]?.responses.map(({ tokens }) => tokens),
        [6, 1]
      )
    }).pipe(run)
  )

  it.effect("gives responses that the budget ended all of it, and shares out the rest", () =>
    Effect.gen(function* () {
      const full = { ...choice("words", 1), finish_reason: "length" }
      const answers = [
        { choices: [choice("aaa", 0), full, choice("a", 2)], usage: { completion_tokens: 11 } },
        // a context that ended after 3 tokens: 6 do not make two budgets of 7
        { choices: [full, { ...full, index: 0 }], usage: { completion_tokens: 6 } }
      ]
      const found = yield* Effect.forEach(
        answers,
        Effect.fnUntraced(function* (json) {
          const { url } = yield* serve(() => ({ json }))
          const one = { ...request, prompts: [prompt("x")], temperatures: [1], perTemperature: json.choices.length }
          const rows = yield* sampled(url, {}, one)
          return rows[0]?.responses.map(({ tokens }) => tokens)
        })
      )
      assert.deepStrictEqual(found, [
        [3, 7, 1],
        [3, 3]
      ])
    }).pipe(run)
  )

  it.effect("reports what each answered request cost", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(obedient)
      const costs = yield* Ref.make<ReadonlyArray<Usage>>([])
      const listener = (usage: Usage) => Ref.update(costs, (before) => [...before, usage])
      const told: Array<number> = []
      const hear = (answers: number) => Effect.sync(() => void told.push(answers))
      yield* sampled(url).pipe(Effect.provideService(UsageReport, listener), Effect.provideService(AnswerReport, hear))
      assert.deepStrictEqual(told, [2, 2, 2, 2, 2, 2])
      assert.deepStrictEqual(
        yield* Ref.get(costs),
        Array.from({ length: 6 }, () => ({ requests: 1, promptTokens: 5, completionTokens: 20 }))
      )
    }).pipe(run)
  )
})

describe("a server with weights of its own", () => {
  it.effect("loads the folder that it is told to, once, before it is asked", () =>
    Effect.gen(function* () {
      const { arrived, url } = yield* serve((asked) =>
        asked.path === "/update_weights_from_disk" ? { json: { success: true, message: "done" } } : obedient(asked)
      )
      const layer = openAiPolicy({ ...endpointOf(url), model: "m" }, { weights: "/runs/policy" })
      const one = { ...request, prompts: [prompt("x")], temperatures: [1] }
      const twice = Effect.flatMap(Policy, ({ sample }) => Effect.all([sample(one), sample(one)], { concurrency: 2 }))
      yield* Effect.provide(twice, layer)
      assert.deepStrictEqual(
        arrived.map(({ path }) => path),
        ["/update_weights_from_disk", "/v1/chat/completions", "/v1/chat/completions"]
      )
      assert.deepStrictEqual(arrived.find(({ path }) => path.startsWith("/update"))?.body, {
        model_path: "/runs/policy"
      })
    }).pipe(run)
  )

  it.effect("is not asked when it could not load them", () =>
    Effect.gen(function* () {
      const { url } = yield* serve(({ path }) =>
        path === "/update_weights_from_disk" ? { json: { success: false, message: "no such folder" } } : "close"
      )
      const layer = openAiPolicy({ ...endpointOf(url), model: "m" }, { weights: "/none" })
      const error = yield* Effect.flip(
        Effect.provide(
          Effect.flatMap(Policy, ({ sample }) => sample(request)),
          layer
        )
      )
      assert.strictEqual(
        error.message.replaceAll(/127\.0\.0\.1:\d+/g, "host"),
        'Cannot sample responses: "http://host/update_weights_from_disk" (status 200): found no such folder, wanted success'
      )
    }).pipe(run)
  )
})

describe("a server that answers badly", () => {
  const usage = { completion_tokens: 1 }
  const start = 'Cannot sample responses: "http://host/v1/chat/completions" (status 200): found'
  for (const [name, json, message] of [
    ["no choices", { choices: [], usage }, `${start} 0 choices, wanted from 1 to 2`],
    [
      "more choices",
      { choices: [0, 1, 2].map((i) => choice("a", i)), usage },
      `${start} 3 choices, wanted from 1 to 2`
    ],
    [
      "a choice twice",
      { choices: [choice("a", 1), choice("b", 1)], usage },
      `${start} choices with the indices 1, 1, wanted different ones below 2`
    ],
    [
      "a choice that nobody asked for",
      { choices: [choice("a", 7)], usage },
      `${start} choices with the indices 7, wanted different ones below 2`
    ],
    [
      "another end",
      { choices: [{ ...choice("a", 0), finish_reason: "content_filter" }], usage },
      `${start} finish_reason "content_filter", wanted "stop" or "length"`
    ],
    [
      "no message",
      { choices: [{ index: 0, finish_reason: "stop" }], usage },
      `${start} a choice without a message or a text, wanted one of them`
    ],
    ["no usage", { choices: [choice("a", 0)] }, `${start} no usage, wanted usage.completion_tokens`],
    ["another shape", { answers: ["a"] }, `${start} {"answers":["a"]}, wanted choices with messages or texts`]
  ] as const) {
    it.effect(`is refused for ${name}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* refusal(() => ({ json })), ["AnswerInvalid", message])
      }).pipe(run)
    )
  }

  it.effect("is told by reason, address, status and what was found", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* refusal(() => ({ status: 400, json: { error: "no such model" } })), [
        "ServerRefused",
        'Cannot sample responses to prompt "x": "http://host/v1/chat/completions": found status 400 ({"error":"no such model"}), wanted 200'
      ])
      assert.deepStrictEqual(yield* refusal(() => "close"), [
        "ServerUnreachable",
        'Cannot sample responses: "http://host/v1/chat/completions": found a connection that was closed, wanted an answer (3 attempts)'
      ])
      const url = yield* nobody
      const { result } = yield* withoutWaiting(Effect.flip(sampled(url)))
      assert.strictEqual(result.reason._tag, "ServerUnreachable")
    }).pipe(run)
  )
})
