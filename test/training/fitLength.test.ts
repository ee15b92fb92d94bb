import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import type { LengthPolicy } from "../../schemas/mod.ts"
import { type EncodedConversation, fromMask, learnedMask } from "../../src/text/mod.ts"
import { fitLength } from "../../src/training/encoding/mod.ts"

const bosId = 1

const sequence = (prompt: ReadonlyArray<number>, response: ReadonlyArray<number>): EncodedConversation => ({
  ids: Int32Array.of(...prompt, ...response),
  promptLength: prompt.length,
  responseStart: prompt.length,
  startRemoved: false,
  apart: 0
})

const fit = (sequences: ReadonlyArray<EncodedConversation>, lengthPolicy: LengthPolicy, maxTokens: number) =>
  Result.getOrThrow(fitLength(sequences, { maxTokens, lengthPolicy, bosId }))

/** What is left of each sequence: ids, prompt, and the side that was cut. */
const leftOf = (found: ReturnType<typeof fit>) =>
  typeof found === "string" ? found : found.map(({ cut, ids, promptLength }) => [Array.from(ids), promptLength, cut])

const pair = [sequence([1, 10, 11, 12], [20, 21, 3]), sequence([1, 10, 11, 12], [30, 3])]

describe("fitLength()", () => {
  it("leaves alone what fits, under every policy", () => {
    for (const policy of ["error", "drop", "truncatePrompt", "truncateResponse"] as const)
      assert.deepStrictEqual(fit(pair, policy, 7), pair)
  })

  it("error: says how long the longest is", () => {
    const error = Result.getOrThrow(Result.flip(fitLength(pair, { maxTokens: 6, lengthPolicy: "error", bosId })))
    assert.strictEqual(error.message, "Cannot encode prompt and response: found 7 tokens, wanted at most 6")
  })

  it("drop: leaves the example out as tooLong", () => {
    assert.strictEqual(fit(pair, "drop", 6), "tooLong")
  })

  it("truncatePrompt: keeps the start token and the prompt's end, the same for both responses", () => {
    assert.deepStrictEqual(leftOf(fit(pair, "truncatePrompt", 6)), [
      [[1, 11, 12, 20, 21, 3], 3, "prompt"],
      [[1, 11, 12, 30, 3], 3, "prompt"]
    ])
    assert.deepStrictEqual(leftOf(fit(pair, "truncatePrompt", 4)), [
      [[1, 20, 21, 3], 1, "prompt"],
      [[1, 30, 3], 1, "prompt"]
    ])
    assert.strictEqual(fit(pair, "truncatePrompt", 3), "promptBudget")
  })

  it("truncatePrompt: keeps the prompt's end alone where there is no start token", () => {
    const bare = [sequence([9, 10, 11], [20, 3])]
    assert.deepStrictEqual(leftOf(fit(bare, "truncatePrompt", 4)), [[[10, 11, 20, 3], 2, "prompt"]])
  })

  it("truncatePrompt: cuts earlier turns with their mask, and learns nothing that nothing comes before", () => {
    const mask = Uint8Array.of(0, 1, 1, 0, 0, 1, 1)
    const talk = { ...sequence([9, 20, 21, 12, 13], [30, 3]), ...fromMask(mask) }
    const cut = (maxTokens: number) => {
      const found = fit([talk], "truncatePrompt", maxTokens)
      return typeof found === "string" ? found : found.map((one) => [Array.from(one.ids), Array.from(learnedMask(one))])
    }
    assert.deepStrictEqual(cut(6), [
      [
        [20, 21, 12, 13, 30, 3],
        [0, 1, 0, 0, 1, 1]
      ]
    ])
    assert.deepStrictEqual(cut(4), [
      [
        [12, 13, 30, 3],
        [0, 0, 1, 1]
      ]
    ])
  })

  it("truncateResponse: cuts the end of each response that is too long by itself", () => {
    assert.deepStrictEqual(leftOf(fit(pair, "truncateResponse", 6)), [
      [[1, 10, 11, 12, 20, 21], 4, "response"],
      [[1, 10, 11, 12, 30, 3], 4, undefined]
    ])
    assert.deepStrictEqual(leftOf(fit(pair, "truncateResponse", 5)), [
      [[1, 10, 11, 12, 20], 4, "response"],
      [[1, 10, 11, 12, 30], 4, "response"]
    ])
    assert.strictEqual(fit(pair, "truncateResponse", 4), "responseBudget")
  })

  it("truncateResponse: leaves no tail that is not learned", () => {
    const talk = { ...sequence([9, 20, 21, 12, 13], [30, 3]), ...fromMask(Uint8Array.of(0, 1, 1, 0, 0, 1, 1)) }
    assert.deepStrictEqual(leftOf(fit([talk], "truncateResponse", 5)), [[[9, 20, 21], 1, "response"]])
  })
})

const Length = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))
const Responses = Schema.Tuple([Length, Length])

describe("fitLength() of any pair", () => {
  it.prop(
    "keeps within the limit, learns of every response, and leaves out whole pairs",
    { prompt: Length, responses: Responses, maxTokens: Length },
    ({ maxTokens, prompt, responses }) => {
      const start = Array.from({ length: prompt }, (_, i) => i + 1)
      const pairOf = responses.map((length, which) =>
        sequence(
          start,
          Array.from({ length }, (_, i) => 100 * (which + 1) + i)
        )
      )
      for (const policy of ["truncatePrompt", "truncateResponse"] as const) {
        const found = fit(pairOf, policy, maxTokens)
        const longest = Math.max(...responses)
        const room = policy === "truncatePrompt" ? longest < maxTokens : prompt < maxTokens
        assert.strictEqual(typeof found === "string", !room && prompt + longest > maxTokens)
        if (typeof found === "string") continue
        for (const { ids, promptLength } of found) {
          assert.isAtMost(ids.length, maxTokens)
          assert.isAtLeast(promptLength, 1)
          assert.isAbove(ids.length, promptLength)
        }
        const prompts = found.map(({ ids, promptLength }) => ids.slice(0, promptLength))
        assert.deepStrictEqual(prompts[0], prompts[1])
        if (policy === "truncatePrompt")
          assert.deepStrictEqual(
            found.map(({ ids, promptLength }) => ids.length - promptLength),
            [...responses]
          )
      }
    },
    { arbitrary: { runs: 200, seed: 1 } }
  )
})
