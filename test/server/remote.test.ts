import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted, Result } from "effect"
import type { Prompt } from "../../schemas/mod.ts"
import { localPreference, Preference, remotePreference } from "../../src/judge/mod.ts"
import { key } from "../../src/random/mod.ts"
import { httpClient } from "../../src/remote/mod.ts"
import {
  localRollout,
  openAiPolicy,
  Policy,
  PromptInvalid,
  Rollout,
  samplePolicy,
  SamplerError,
  type SampleRequest
} from "../../src/sampler/mod.ts"
import { localReward, remoteReward, Reward } from "../../src/scorer/mod.ts"
import { encodePrompt } from "../../src/text/mod.ts"
import { distance, Services } from "../recordings.ts"
import { endpointOf } from "../remote/serve.ts"
import { ask, folder, open } from "./open.ts"

const Models = Layer.mergeAll(
  localRollout(folder, { slots: 4 }),
  localReward("fixtures/model/reward", { batchSize: 4 }),
  localPreference("fixtures/judge/model", { batchSize: 4, generationPrompt: "add" }),
  httpClient
).pipe(Layer.provideMerge(Services))

const prompt = (promptId: string, content: string): Prompt => ({ promptId, messages: [{ role: "user", content }] })
const prompts = [prompt("x", "goat kelp ice"), prompt("y", "owl hay")]
const messages = [{ role: "user", content: "list" } as const]

const request: SampleRequest = {
  prompts,
  temperatures: [0],
  perTemperature: 1,
  maxNewTokens: 9,
  seed: 3,
  iteration: 2,
  topP: 0.9,
  logProbabilities: true
}

/** The key that the server draws a sample with: of the seed in the request, which is for two samples. */
const keyOf = (promptId: string, sample: number) => {
  const seed = key(3, "sample", 2, promptId, sample - (sample % 2))[0] >>> 1
  return key(seed, "choice", sample % 2)
}

/** The policy of the server, asked for the ids of what it draws. */
const sampledThere = Effect.fnUntraced(function* (url: string, asked: SampleRequest, how: "messages" | "ids") {
  const { contextLength, tokenizer } = yield* Rollout
  const encode = ({ messages: shown, promptId }: Prompt) =>
    encodePrompt(tokenizer, shown, { contextLength }).pipe(
      Result.map((ids) => [...ids]),
      Result.mapError((cause) => new SamplerError({ reason: new PromptInvalid({ promptId, cause }) }))
    )
  const remote = openAiPolicy(
    { ...endpointOf(`${url}/v1`), model: "tiny", tokenIds: "ask" },
    how === "ids" ? { encode } : {}
  )
  return yield* Effect.flatMap(Policy, ({ sample }) => sample(asked)).pipe(Effect.provide(remote))
})

layer(Models)("openAiPolicy() of this server", (it) => {
  for (const how of ["messages", "ids"] as const) {
    it.effect(`gives exactly what the local policy gives at temperature 0, asked by ${how}`, () =>
      Effect.gen(function* () {
        const url = yield* open()
        const here = yield* samplePolicy(yield* Rollout).sample(request)
        assert.deepStrictEqual(yield* sampledThere(url, request, how), here)
      })
    )

    // a request carries 31 bits of the key of its first sample, and the server derives the others from them
    it.effect(`gives what the rollout draws with the keys of the requests' seeds, asked by ${how}`, () =>
      Effect.gen(function* () {
        const url = yield* open()
        const { contextLength, draw, tokenizer } = yield* Rollout
        const asked: SampleRequest = { ...request, temperatures: [1, 0.7], perTemperature: 2 }
        const rows = yield* sampledThere(url, asked, how)
        for (const { messages: shown, promptId, responses } of rows) {
          const ids = Result.getOrThrow(encodePrompt(tokenizer, shown, { contextLength }))
          const drawn = yield* draw(
            [0, 1, 2, 3].map((sample) => ({
              ids,
              key: keyOf(promptId, sample),
              temperature: sample < 2 ? 1 : 0.7,
              topP: 0.9,
              maxNewTokens: 9,
              logProbabilities: true
            }))
          )
          const found = responses.map(({ finish, ids: ownIds = [], logProbabilities, text }) => ({
            ids: ownIds,
            text,
            finish,
            logProbabilities
          }))
          assert.deepStrictEqual(
            found,
            drawn.map(({ finish, ids: own, logProbabilities, text }) => ({ ids: own, text, finish, logProbabilities }))
          )
        }
        assert.strictEqual(new Set(rows.flatMap(({ responses }) => responses.map(({ text }) => text))).size, 8)
      })
    )
  }
})

layer(Models)("remoteReward() of this server", (it) => {
  it.effect("gives exactly what the local reward gives for the same batches", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const rows = [
        { messages, responses: ["oak", "fox and oak", ""] },
        { messages: [{ role: "user", content: "what is red" } as const], responses: ["fox"] }
      ]
      const remote = remoteReward({ ...endpointOf(`${url}/v1`), model: "judge", batchSize: 4 })
      const there = yield* Effect.flatMap(Reward, ({ score }) => score(rows)).pipe(Effect.provide(remote))
      assert.deepStrictEqual(there, yield* Effect.flatMap(Reward, ({ score }) => score(rows)))
    })
  )

  it.effect("gives the same to requests that come at the same time", () =>
    Effect.gen(function* () {
      const url = `${yield* open()}/v1/score`
      const bodies = ["oak", "fox and oak", "", "fox"].map((response) => ({ rows: [{ messages, response }] }))
      const scored = (body: object) => Effect.map(ask(url, { body }), ({ json }) => json.rewards)
      const together = yield* Effect.forEach(bodies, scored, { concurrency: 4 })
      assert.deepStrictEqual(together, yield* Effect.forEach(bodies, scored))
      assert.strictEqual(new Set(together.flat()).size, 4)
    })
  )

  it.effect("sends the key that the server wants, and says what is wrong with another", () =>
    Effect.gen(function* () {
      const url = yield* open({ key: Redacted.make("sesame") })
      const rows = [{ messages, responses: ["oak"] }]
      const scored = (variable: string) =>
        Effect.flatMap(Reward, ({ score }) => score(rows)).pipe(
          Effect.provide(remoteReward({ ...endpointOf(`${url}/v1`), apiKeyVariable: variable })),
          Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ RIGHT: "sesame", WRONG: "lentil" })))
        )
      assert.strictEqual((yield* scored("RIGHT")).length, 1)
      const error = yield* Effect.flip(scored("WRONG"))
      assert.match(error.message, /found status 401 .*found another API key/)
      assert.notMatch(error.message, /sesame|lentil/)
    })
  )
})

/** P and 1 − P are exact; half their difference and one half are rounded once more. */
const tolerance = 2 ** -52

layer(Models)("remotePreference() of this server", (it) => {
  it.effect("gives what the local preference gives, but for a rounding", () =>
    Effect.gen(function* () {
      const url = yield* open()
      const rows = [
        { messages, first: "oak", second: "fox" },
        { messages, first: "fox", second: "red oak" }
      ]
      const remote = remotePreference({ ...endpointOf(`${url}/v1`), model: "pair", batchSize: 4 })
      const there = yield* Effect.flatMap(Preference, ({ prefer }) => prefer(rows)).pipe(Effect.provide(remote))
      const here = yield* Effect.flatMap(Preference, ({ prefer }) => prefer(rows))
      assert.isAtMost(distance(there, here), tolerance)
      assert.isTrue(here.every((chance) => chance !== 0.5))
    })
  )
})
