import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { Candidates } from "../../schemas/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import { localPolicy, Policy, type SampleRequest } from "../../src/sampler/mod.ts"
import { Services } from "../recordings.ts"

/** What the sampler drew when it decoded fixed batches: see fixtures/sampler/README.md. */
const recorded: {
  readonly request: SampleRequest
  readonly rows: Readonly<Record<string, ReadonlyArray<Candidates>>>
} = JSON.parse(readFileSync("fixtures/sampler/drawn.json", "utf8"))

const ask = (folder: string, request: SampleRequest, batchSize = 5) =>
  Effect.gen(function* () {
    const { sample } = yield* Policy
    return yield* sample(request)
  }).pipe(Effect.provide(localPolicy(folder, { batchSize }).pipe(Layer.provide(Services))))

const folder = "fixtures/model/untied-scaled-sharded"

describe("localPolicy()", () => {
  for (const [name, rows] of Object.entries(recorded.rows)) {
    it.effect(`draws the tokens that were drawn before rows shared slots, of "${name}"`, () =>
      Effect.gen(function* () {
        const found = yield* ask(`fixtures/model/${name}`, recorded.request)
        assert.deepStrictEqual(found, rows)
      })
    )
  }

  it.effect("gives the same whatever the batch size and the prompts beside", () =>
    Effect.gen(function* () {
      const { request } = recorded
      const limited = { ...request, topP: 0.9, repetitionPenalty: 1.2, stop: ["or"], logProbabilities: true }
      const expected = yield* ask(folder, limited, 1)
      assert.deepStrictEqual(yield* ask(folder, limited, 16), expected)
      const reversed = { ...limited, prompts: limited.prompts.toReversed() }
      assert.deepStrictEqual((yield* ask(folder, reversed, 4)).toReversed(), expected)
      assert.isTrue(expected.flatMap(({ responses }) => responses).every(({ text }) => !text.includes("or")))
    })
  )

  it.effect("tells of each response when it is drawn", () =>
    Effect.gen(function* () {
      let told = 0
      const { request } = recorded
      const hear = (answers: number) => Effect.sync(() => void (told += answers))
      const rows = yield* Effect.provideService(ask(folder, request), AnswerReport, hear)
      assert.strictEqual(told, rows.flatMap(({ responses }) => responses).length)
    })
  )

  it.effect("refuses a request that asks for nothing, and answers no prompts with no rows", () =>
    Effect.gen(function* () {
      const refused = (other: Partial<SampleRequest>) =>
        Effect.map(Effect.flip(ask(folder, { ...recorded.request, ...other })), (error) =>
          error._tag === "SamplerError" ? error.message : error
        )
      assert.deepStrictEqual(
        [
          yield* refused({ perTemperature: 0 }),
          yield* refused({ temperatures: [] }),
          yield* refused({ temperatures: [1, -1] }),
          yield* refused({ stop: [""] }),
          yield* refused({ maxNewTokens: 500 })
        ],
        [
          'Cannot sample responses: option "perTemperature": found 0, wanted a whole number ≥ 1',
          'Cannot sample responses: option "temperatures": found none, wanted at least one',
          'Cannot sample responses: option "temperature": found -1, wanted a number ≥ 0',
          'Cannot sample responses: option "stop": found [""], wanted strings that are not empty',
          'Cannot sample responses: prompt "a" has 10 tokens, wanted fewer than 0'
        ]
      )
      assert.deepStrictEqual(yield* ask(folder, { ...recorded.request, prompts: [] }), [])
    })
  )
})
