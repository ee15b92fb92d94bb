import { assert, layer } from "@effect/vitest"
import { Effect, Layer, Redacted, Result } from "effect"
import type { Prompt } from "../../schemas/mod.ts"
import { localPreference, Preference, remotePreference } from "../../src/judge/mod.ts"
import { key } from "../../src/random/mod.ts"
import { httpClient } from "../../src/remote/mod.ts"
import { localRollout, openAiPolicy, Policy, Rollout, samplePolicy, type SampleRequest } from "../../src/sampler/mod.ts"
import { localReward, remoteReward, Reward } from "../../src/scorer/mod.ts"
import { encodePrompt } from "../../src/text/mod.ts"
import { endpointOf } from "../remote/serve.ts"
import { Services } from "../recordings.ts"
import { folder, open } from "./open.ts"

const Models = Layer.mergeAll(
  localRollout(folder, { slots: 4 }),
  localReward("fixtures/model/reward", { batchSize: 4 }),
  localPreference("fixtures/judge/model", { batchSize: 4, generationPrompt: "add" }),
  httpClient
).pipe(Layer.provideMerge(Services))

const prompt = (promptId: string, content: string): Prompt => ({ promptId, messages: [{ role: "user", content }] })
const prompts = [prompt("x", "what grows here"), prompt("y", "what is red")]

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

/** The policy of the server, asked for the ids of what it draws. */
const sampledThere = Effect.fnUntraced(function* (url: string, asked: SampleRequest, how: "messages" | "ids") {
  const { contextLength, tokenizer } = yield* Rollout
  const encode = ({ messages }: Prompt) =>
    Result.orDie ? Result.map(encodePrompt(tokenizer, messages, { contextLength }), (ids) => [...ids]) : undefined
  const layer = openAiPolicy(
    { ...endpointOf(`${url}/v1`), model: "tiny", tokenIds: "ask" },
    how === "ids"
      ? {
          encode: (one) =>
            Result.mapError(encode(one), () => {
              throw new Error("no template")
            })
        }
      : {}
  )
  return yield* Effect.flatMap(Policy, ({ sample }) => sample(asked)).pipe(Effect.provide(layer))
})
