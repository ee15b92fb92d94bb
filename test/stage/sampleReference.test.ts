import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Candidates, type Response } from "../../schemas/mod.ts"
import { type Batch, fromRows } from "../../src/arrow/mod.ts"
import { key } from "../../src/random/mod.ts"
import { Policy, ReferencePolicy } from "../../src/sampler/mod.ts"
import { sampleReference } from "../../src/stage/mod.ts"
import { Synthetic } from "./echo.ts"

const answered = (...texts: ReadonlyArray<string>): Candidates => ({
  promptId: "x",
  messages: [{ role: "user", content: "?" }],
  responses: texts.map((text, i) => ({ text, tokens: 2, finish: "stop", temperature: 1, sample: i }))
})

const rowsOf = <A, E, R>(stream: Stream.Stream<Batch<A>, E, R>) =>
  Effect.map(Stream.runCollect(stream), (all) => all.flatMap((batch) => batch.rows))

const context = { seed: 7, iteration: 2 }

/** What the echoing policy says to prompt x with the seed of the reference. */
const echo = (draw: number, sample: number): Response => ({
  text: `x/${key(context.seed, "reference")[0]}/${context.iteration}/${draw}`,
  tokens: 3,
  finish: "length",
  temperature: 0.5,
  sample
})

const params = { temperatures: [0.5], perTemperature: 1, maxNewTokens: 3 }

describe("sampleReference()", () => {
  it.effect("adds responses of π₀ after those of πₜ, says whose they are, and draws them from a seed of its own", () =>
    Effect.gen(function* () {
      const row = answered("a", "b")
      const rows = yield* Stream.make(fromRows(Candidates, [row])).pipe(
        sampleReference(params, context),
        rowsOf,
        Effect.provide(Synthetic)
      )
      const drawnFrom = ["policy", "policy", "reference"] as const
      assert.deepStrictEqual(rows, [{ ...row, responses: [...row.responses, echo(0, 2)], drawnFrom }])
    })
  )

  it.effect("keeps what is said already of who gave a response", () =>
    Effect.gen(function* () {
      const row: Candidates = { ...answered("a", "b"), drawnFrom: ["reference", "policy"] }
      const [found] = yield* Stream.make(fromRows(Candidates, [row])).pipe(
        sampleReference(params, context),
        rowsOf,
        Effect.provide(Synthetic)
      )
      assert.deepStrictEqual(found?.drawnFrom, ["reference", "policy", "reference"])
    })
  )

  it.effect("refuses an answer with other rows than were asked for", () =>
    Effect.gen(function* () {
      const Silent = ReferencePolicy.layerOf(Policy.layerOf(() => Effect.succeed([])))
      const error = yield* Stream.make(fromRows(Candidates, [answered("a")])).pipe(
        sampleReference({}),
        rowsOf,
        Effect.provide(Silent),
        Effect.flip
      )
      assert.strictEqual(error.message, 'Cannot sample: answer to prompt "x": found nothing, wanted a row')
    })
  )

  it("asks for as many tokens as it may draw, and gives the column of who drew", () => {
    const decoded = { temperatures: [1, 0.5], perTemperature: 2, maxNewTokens: 5 }
    assert.deepStrictEqual(sampleReference.cost?.(decoded as never, 4), { responsesPerRow: 4, newTokensPerRow: 20 }) // brands
    assert.deepStrictEqual(sampleReference.gives?.(decoded as never), ["drawnFrom"])
  })
})
