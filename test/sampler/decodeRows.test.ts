import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { openCheckpoint } from "../../src/checkpoint/mod.ts"
import { serialize } from "../../src/graph/mod.ts"
import { decodeGraph } from "../../src/model/mod.ts"
import { key } from "../../src/random/mod.ts"
import { OnnxRuntime } from "../../src/runtime/mod.ts"
import { type Decoder, decodeRows, makeSelectRows } from "../../src/sampler/mod.ts"
import { families } from "../model/families.ts"
import { recordedModels, recordings, Services } from "../recordings.ts"

const open = Effect.fnUntraced(function* (name: string, draws: Decoder["draws"], endIds: ReadonlyArray<number> = []) {
  const runtime = yield* OnnxRuntime
  const { family, config, weights, folder } = yield* openCheckpoint(`fixtures/model/${name}`, "causal")
  const model = serialize(decodeGraph({ family, config, weights, contextLength: 64, draw: draws }))
  const session = yield* runtime.session({ name: "decode", model, externalFolder: folder })
  const decoder: Decoder = {
    config,
    session,
    draws,
    selectRows: yield* makeSelectRows(config),
    endIds: new Set(endIds)
  }
  return decoder
})

const prompts = recordings["tied-bias-bfloat16"].ids.map((row) => Int32Array.from(row))

/** Responses to each prompt, `samples` of them, decoded `size` rows at a time in the order given. */
const drawAll = (decoder: Decoder, order: ReadonlyArray<readonly [prompt: number, sample: number]>, size: number) =>
  Effect.gen(function* () {
    const drawn = new Map<string, ReadonlyArray<number>>()
    for (let from = 0; from < order.length; from += size) {
      const part = order.slice(from, from + size)
      const used = [...new Set(part.map(([prompt]) => prompt))]
      const found = yield* decodeRows(decoder, {
        prompts: used.map((prompt) => prompts[prompt] ?? new Int32Array()),
        rows: part.map(([prompt, sample]) => ({
          prompt: used.indexOf(prompt),
          temperature: sample % 2 === 0 ? 1 : 0.7,
          key: key(7, prompt, sample)
        })),
        maxNewTokens: 16
      })
      part.forEach(([prompt, sample], i) => drawn.set(`${prompt}.${sample}`, found[i] ?? []))
    }
    return drawn
  })

layer(Services)("decodeRows()", (it) => {
  const recorded = { ...Object.fromEntries(recordedModels.map((name) => [name, recordings[name]])), ...families }
  for (const [name, { ids, greedy }] of Object.entries(recorded)) {
    it.effect(`gives the greedy tokens of transformers on "${name}", prompts of different lengths together`, () =>
      Effect.gen(function* () {
        const decoder = yield* open(name, "greedy")
        const found = yield* decodeRows(decoder, {
          prompts: ids.map((row) => Int32Array.from(row)),
          rows: ids.map((_, prompt) => ({ prompt, temperature: 0, key: key(0) })),
          maxNewTokens: 12
        })
        assert.deepStrictEqual(found, greedy)
      }).pipe(Effect.scoped)
    )
  }

  it.effect("draws the same response whatever the batch, the order and the rows beside it", () =>
    Effect.gen(function* () {
      const decoder = yield* open("tied-bias-bfloat16", "categorical", [3, 4, 5, 6, 7, 8, 9, 10])
      const order = prompts.flatMap((_, prompt) => Array.from({ length: 6 }, (_s, sample) => [prompt, sample] as const))
      const expected = yield* drawAll(decoder, order, 1)
      for (const size of [2, 3, 5, 7, 8, 16, 24]) {
        assert.deepStrictEqual(yield* drawAll(decoder, order, size), expected)
        const found = yield* drawAll(decoder, order.toReversed(), size)
        for (const [name, ids] of expected) assert.deepStrictEqual(found.get(name), ids)
      }
      const lengths = new Set([...expected.values()].map((ids) => ids.length))
      assert.isAbove(lengths.size, 3) // rows do end at different times, so that shrinking was exercised
      assert.strictEqual(new Set([...expected.values()].map(String)).size > 12, true)
    }).pipe(Effect.scoped)
  )

  it.effect("draws tokens as often as softmax says: chi-square below the 99.9 % point", () =>
    Effect.gen(function* () {
      const decoder = yield* open("tied-bias-bfloat16", "categorical")
      const draws = 2000
      const prompt = prompts[0] ?? new Int32Array()
      const found = yield* decodeRows(decoder, {
        prompts: [prompt],
        rows: Array.from({ length: draws }, (_, sample) => ({ prompt: 0, temperature: 0.5, key: key(1, sample) })),
        maxNewTokens: 1
      })
      const logits = recordings["tied-bias-bfloat16"].logits[0] ?? []
      const weights = logits.map((logit) => Math.exp((logit - Math.max(...logits)) / 0.5))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const counts = new Map<number, number>()
      for (const [token = -1] of found) counts.set(token, (counts.get(token) ?? 0) + 1)
      const expected = weights.map((weight) => (draws * weight) / total)
      const often = expected.flatMap((count, token) => (count >= 5 ? [token] : []))
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
