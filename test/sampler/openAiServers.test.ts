import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Response } from "../../schemas/mod.ts"
import { httpClient } from "../../src/remote/mod.ts"
import { type OpenAiSampler, openAiPolicy, Policy, type SampleRequest } from "../../src/sampler/mod.ts"
import { endpointOf, type Reply, serve } from "../remote/serve.ts"

const run = <A, E>(effect: Effect.Effect<A, E, any>) =>
  Effect.scoped(effect).pipe(Effect.provide(httpClient)) as Effect.Effect<A, E>

const request: SampleRequest = {
  prompts: [{ promptId: "france", messages: [{ role: "user", content: "What is the capital of France?" }] }],
  temperatures: [1],
  perTemperature: 1,
  maxNewTokens: 12,
  seed: 0,
  iteration: 1
}

/** The responses of a server that answers so, and the bodies that it was asked with. */
const sampled = Effect.fnUntraced(function* (
  reply: (body: any) => Reply,
  change: Partial<SampleRequest> = {},
  options: Partial<OpenAiSampler> = {}
) {
  const { arrived, url } = yield* serve(({ body }) => reply(body))
  const layer = openAiPolicy({ ...endpointOf(url), model: "m", concurrency: 1, ...options })
  const [row] = yield* Effect.provide(
    Effect.flatMap(Policy, ({ sample }) => sample({ ...request, ...change })),
    layer
  )
  const responses: ReadonlyArray<Response> = row?.responses ?? []
  return { responses, bodies: arrived.map(({ body }) => body) }
})

const briefly = (responses: ReadonlyArray<Response>) => responses.map(({ text, tokens }) => [text, tokens])

const llamaCppToken = (id: number, logprob: number) => ({ id, token: "", bytes: [], logprob, top_logprobs: [] })

/** What llama.cpp (0.7.0, build 11669) answered to three choices: usage and timings are those of the first. */
const llamaCpp = (texts: ReadonlyArray<string>, first: number, logprobs?: ReadonlyArray<ReadonlyArray<number>>) => ({
  json: {
    choices: texts.map((content, index) => ({
      finish_reason: "length",
      index,
      message: { role: "assistant", content },
      ...(logprobs ? { logprobs: { content: logprobs[index]?.map((logprob, id) => llamaCppToken(id, logprob)) } } : {})
    })),
    model: "mm.gguf",
    object: "chat.completion",
    usage: { completion_tokens: first, prompt_tokens: 33, total_tokens: 33 + first },
    timings: { cache_n: 32, prompt_n: 1, predicted_n: first, predicted_ms: 830.016 }
  }
})

describe("openAiPolicy() with answers as llama.cpp gives them", () => {
  it.effect(
    "does not share out the tokens of the first choice: asks one by one, with the seeds of a server that gives one",
    () =>
      Effect.gen(function* () {
        // choice i of several is drawn with the seed of the request and i
        const said = ["London est walks", "The capital of France is William P", "The"]
        const together = yield* sampled(({ n, seed }) => llamaCpp(n > 1 ? said : [`by ${seed}`], n > 1 ? 12 : 5), {
          perTemperature: 3
        })
        assert.deepStrictEqual(briefly(together.responses), [
          ["London est walks", 12],
          [`by ${together.bodies[1].seed}`, 5],
          [`by ${together.bodies[2].seed}`, 5]
        ])
        assert.deepStrictEqual(
          together.bodies.map(({ n }) => n),
          [3, 1, 1]
        )
        const oneByOne = yield* sampled(
          ({ seed }) => llamaCpp([`by ${seed}`], 5),
          { perTemperature: 3 },
          { samples: "oneByOne" }
        )
        assert.deepStrictEqual(
          oneByOne.bodies.map(({ seed }) => seed),
          together.bodies.map(({ seed }) => seed)
        )
      }).pipe(run)
  )

  it.effect("takes several choices where log-probabilities count their tokens, and ids beside them", () =>
    Effect.gen(function* () {
      const logprobs = [
        [-1, -2, -3],
        [-0.5, -1]
      ]
      const asked = { perTemperature: 2, logProbabilities: true }
      const { bodies, responses } = yield* sampled(() => llamaCpp(["a", "b"], 3, logprobs), asked, { tokenIds: "ask" })
      assert.strictEqual(bodies.length, 1)
      assert.deepStrictEqual(
        responses.map(({ ids, logProbabilities, tokens }) => [tokens, ids, logProbabilities]),
        [
          [3, [0, 1, 2], logprobs[0]],
          [2, [0, 1], logprobs[1]]
        ]
      )
    }).pipe(run)
  )

  it.effect("leaves out log-probabilities and ids that lack the tokens of a stop string", () =>
    Effect.gen(function* () {
      // "The capital of France" stopped before "France": six tokens were drawn, three are told
      const answer = llamaCpp(["The capital of "], 6, [[-0.151, -0.011, -0.001]])
      const asked = { stop: ["France"], logProbabilities: true }
      const { responses } = yield* sampled(() => answer, asked, { tokenIds: "ask" })
      assert.deepStrictEqual(responses, [
        { text: "The capital of ", tokens: 6, finish: "length", temperature: 1, sample: 0 }
      ])
    }).pipe(run)
  )

  it.effect("tells which prompt is longer than the context of the server", () =>
    Effect.gen(function* () {
      const message = "request (40037 tokens) exceeds the available context size (32768 tokens), try increasing it"
      const json = { error: { code: 400, message, type: "exceed_context_size_error", n_ctx: 32768 } }
      const failed = yield* Effect.flip(sampled(() => ({ status: 400, json })))
      assert.include(failed.message, `Cannot sample responses to prompt "france": "http://`)
      assert.include(failed.message, message)
    }).pipe(run)
  )

  it.effect("writes its names and its order of samplers where they change the draw, and only there", () =>
    Effect.gen(function* () {
      const shapes: ReadonlyArray<Partial<SampleRequest>> = [
        { topP: 0.9, repetitionPenalty: 1.5 },
        { topP: 0.9, temperatures: [0.7] },
        { temperatures: [0.7] }
      ]
      const found = yield* Effect.forEach(shapes, (shape) => sampled(() => llamaCpp(["a"], 1), shape))
      const order = ["penalties", "temperature", "top_k", "top_p", "min_p"]
      assert.deepStrictEqual(
        found.map(({ bodies: [body] }) => [
          body.repetition_penalty,
          body.repeat_penalty,
          body.repeat_last_n,
          body.samplers
        ]),
        [
          [1.5, 1.5, 65_536, undefined],
          [1, undefined, undefined, order],
          [1, undefined, undefined, undefined]
        ]
      )
    }).pipe(run)
  )

  it.effect("passes further keys on as they are, also those that hold others", () =>
    Effect.gen(function* () {
      const extra = { chat_template_kwargs: { enable_thinking: false }, cache_prompt: false }
      const { bodies } = yield* sampled(() => llamaCpp(["a"], 1), {}, { extra })
      assert.deepStrictEqual(
        [bodies[0].chat_template_kwargs, bodies[0].cache_prompt],
        [{ enable_thinking: false }, false]
      )
    }).pipe(run)
  )
})

const vllmChoice = (content: string, index: number, ids: ReadonlyArray<number>) => ({
  index,
  message: { role: "assistant", content, refusal: null, reasoning: null, tool_calls: [] },
  logprobs: { content: ids.map((id) => ({ token: `t${id}`, logprob: -id, bytes: [1], top_logprobs: [] })) },
  finish_reason: "stop",
  stop_reason: null,
  token_ids: ids
})

const sglangChoice = (content: string, index: number, matched_stop: number | string) => ({
  index,
  message: { role: "assistant", content, reasoning_content: null, tool_calls: null },
  logprobs: null,
  finish_reason: "stop",
  matched_stop
})

describe("openAiPolicy() with answers as others document them", () => {
  it.effect("vLLM: usage is the sum of all choices, ids are beside each, and unused keys are null", () =>
    Effect.gen(function* () {
      const json = {
        choices: [vllmChoice("b", 1, [7, 2]), vllmChoice("a", 0, [5, 6, 2])],
        usage: { prompt_tokens: 9, total_tokens: 14, completion_tokens: 5, prompt_tokens_details: null },
        prompt_logprobs: null,
        prompt_token_ids: [1],
        kv_transfer_params: null
      }
      const asked = { perTemperature: 2, logProbabilities: true }
      const { bodies, responses } = yield* sampled(() => ({ json }), asked, { tokenIds: "ask" })
      assert.deepStrictEqual([bodies.length, bodies[0].return_token_ids, bodies[0].logprobs], [1, true, true])
      assert.deepStrictEqual(
        responses.map(({ ids, logProbabilities, text, tokens }) => [text, tokens, ids, logProbabilities]),
        [
          ["a", 3, [5, 6, 2], [-5, -6, -2]],
          ["b", 2, [7, 2], [-7, -2]]
        ]
      )
    }).pipe(run)
  )

  it.effect("vLLM and SGLang: thoughts that are told apart are refused, or dropped where that is said", () =>
    Effect.gen(function* () {
      for (const key of ["reasoning", "reasoning_content"]) {
        const choice = { ...vllmChoice("Paris", 0, [5, 2]), message: { content: "Paris", [key]: "France, so" } }
        const reply = () => ({ json: { choices: [choice], usage: { completion_tokens: 2 } } })
        const failed = yield* Effect.flip(sampled(reply))
        assert.include(failed.message, "found a part of a response apart from its text, as reasoning, wanted all of it")
        const { responses } = yield* sampled(reply, {}, { reasoning: "drop" })
        assert.deepStrictEqual(briefly(responses), [["Paris", 2]])
      }
    }).pipe(run)
  )

  it.effect("SGLang: the sum of all choices is shared out, and an end by a token or a text is a stop", () =>
    Effect.gen(function* () {
      const json = {
        choices: [sglangChoice("aaa", 0, 2), sglangChoice("a", 1, "\n")],
        usage: {
          prompt_tokens: 9,
          total_tokens: 17,
          completion_tokens: 8,
          prompt_tokens_details: null,
          reasoning_tokens: 0
        },
        metadata: { weight_version: "default" }
      }
      const { bodies, responses } = yield* sampled(() => ({ json }), { perTemperature: 2 })
      assert.strictEqual(bodies.length, 1)
      assert.deepStrictEqual(briefly(responses), [
        ["aaa", 6],
        ["a", 2]
      ])
    }).pipe(run)
  )

  it.effect("Ollama: one choice whatever n is, so each is asked for, with a seed of its own", () =>
    Effect.gen(function* () {
      const { bodies, responses } = yield* sampled(
        ({ seed }) => ({
          json: {
            object: "chat.completion",
            system_fingerprint: "fp_ollama",
            choices: [{ index: 0, message: { role: "assistant", content: `by ${seed}` }, finish_reason: "stop" }],
            usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }
          }
        }),
        { perTemperature: 3 }
      )
      assert.deepStrictEqual(
        bodies.map(({ n }) => n),
        [3, 1, 1]
      )
      assert.deepStrictEqual(
        briefly(responses),
        bodies.map(({ seed }) => [`by ${seed}`, 4])
      )
      assert.strictEqual(new Set(bodies.map(({ seed }) => seed)).size, 3)
    }).pipe(run)
  )
})
