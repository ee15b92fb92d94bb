import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { key } from "../../src/random/mod.ts"
import { recordings, Services } from "../recordings.ts"
import { drawAll, openFixture } from "./drawAll.ts"

const model = "tied-bias-bfloat16"
const draws = 2000

/** Tokens that are expected this often are counted one by one, all others together. */
const oftenEnough = 5

layer(Services)("openDecoder()", (it) => {
  it.effect("draws tokens as often as softmax says: chi-square below the 99.9 % point", () =>
    Effect.gen(function* () {
      const prompt = Int32Array.from(recordings[model].ids[0] ?? [])
      const decoder = yield* openFixture(model, { slots: 64 })
      const found = yield* drawAll(
        decoder,
        Array.from({ length: draws }, (_, sample) => ({
          prompt,
          temperature: 0.5,
          maxNewTokens: 1,
          key: key(1, sample)
        }))
      )
      const logits = recordings[model].logits[0] ?? []
      const weights = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / 0.5))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const counts = new Map<number, number>()
      for (const { ids } of found) counts.set(ids[0] ?? -1, (counts.get(ids[0] ?? -1) ?? 0) + 1)
      const expected = weights.map((weight) => (draws * weight) / total)
      const often = expected.flatMap((count, token) => (count >= oftenEnough ? [token] : []))
      const rest = draws - often.reduce((sum, token) => sum + (expected[token] ?? 0), 0)
      const restFound = draws - often.reduce((sum, token) => sum + (counts.get(token) ?? 0), 0)
      const chi = often.reduce(
        (sum, token) => sum + ((counts.get(token) ?? 0) - (expected[token] ?? 0)) ** 2 / (expected[token] ?? 1),
        (restFound - rest) ** 2 / Math.max(rest, 1)
      )
      // Wilson and Hilferty's 99.9 % point for `often.length` degrees of freedom
      const freedom = often.length
      assert.isAbove(freedom, 3)
      assert.isBelow(chi, freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3)
    }).pipe(Effect.scoped)
  )
})
