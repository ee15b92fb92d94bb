import { Effect, Layer } from "effect"
import type { Response } from "../../schemas/mod.ts"
import { logistic, Preference } from "../../src/judge/mod.ts"
import { Policy, ReferencePolicy } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"

/** A policy that answers with where it was asked: exact, and no model to load. */
export const Echo = Policy.layerOf(({ prompts, temperatures, perTemperature, maxNewTokens, seed, iteration }) =>
  Effect.succeed(
    prompts.map(({ promptId, messages }) => ({
      promptId,
      messages,
      responses: temperatures.flatMap((temperature, i) =>
        Array.from({ length: perTemperature }, (_, j): Response => {
          const number = i * perTemperature + j
          const text = `${promptId}/${seed}/${iteration}/${number}`
          return { text, tokens: maxNewTokens, finish: "length", temperature, sample: number }
        })
      )
    }))
  )
)

/** A reward that counts the letter "a". */
export const Counting = Reward.layerOf((_, response) => response.split("a").length - 1)

/** An oracle that likes the letter "a": where as many are in both, neither is better. */
export const Liking = Preference.layerOf(({ first, second }) =>
  logistic(first.split("a").length - second.split("a").length)
)

export const Synthetic = Layer.mergeAll(Echo, ReferencePolicy.layerOf(Echo), Counting, Liking)
