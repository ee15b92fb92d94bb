import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, layer } from "@effect/vitest"
import { Arbitrary, Effect, Layer, Schema } from "effect"
import { Candidates, Prompt, type Scored } from "../../../schemas/mod.ts"
import { makeStage, type StageDefinition, stages } from "../../../src/stage/mod.ts"
import { type Law, stageLaws } from "../../../src/stage/laws/mod.ts"
import { Synthetic } from "../echo.ts"

/** Texts that are often equal, empty, or equally good. */
const Text = Schema.Literals(["", "a", "b", "ab", "abaa", "🌿"])

const few = { maxLength: 6 }

const candidates = Arbitrary.all({
  row: Arbitrary.schema(Candidates),
  texts: Arbitrary.array(Arbitrary.schema(Text), few)
}).pipe(
  Arbitrary.map(({ row: { messages, promptId }, texts }): Candidates => {
    const responses = texts.map(
      (text, sample) => ({ text, tokens: text.length, finish: "stop", temperature: 1, sample }) as const
    )
    return { promptId, messages, responses }
  })
)

const scored = Arbitrary.all({
  row: candidates,
  rewards: Arbitrary.array(Arbitrary.schema(Schema.Literals([0, 1, 1.5])), { minLength: 6, maxLength: 6 })
}).pipe(Arbitrary.map(({ row, rewards }): Scored => ({ ...row, rewards: rewards.slice(0, row.responses.length) })))

/** Every stage, with what it is tried on; a stage without a row does not compile. */
const laws = {
  sample: stageLaws({ stage: stages.sample, params: { perTemperature: 2, maxNewTokens: 2 }, layer: Synthetic }),
  sampleReference: stageLaws({
    stage: stages.sampleReference,
    params: { perTemperature: 2 },
    layer: Synthetic,
    rows: Arbitrary.array(candidates, few)
  }),
  score: stageLaws({
    stage: stages.score,
    params: { lengthPenalty: 0.5 },
    layer: Synthetic
  }),
  pair: stageLaws({
    stage: stages.pair,
    params: { rule: "bestRandom" },
    layer: Layer.empty,
    rows: Arbitrary.array(scored, few)
  }),
  judge: stageLaws({
    stage: stages.judge,
    params: { ranking: "roundRobin" },
    layer: Synthetic,
    rows: Arbitrary.array(candidates, few)
  }),
  filter: stageLaws({ stage: stages.filter, params: { minimumMargin: 1, maximumCharacters: 3 }, layer: Layer.empty })
} satisfies Record<keyof typeof stages, ReadonlyArray<Law>>

/** The same stages where one row becomes several, or two policies answer. */
const more = {
  "pair, all pairs": stageLaws({
    stage: stages.pair,
    params: { rule: "allPairs", minimumMargin: 1 },
    layer: Layer.empty,
    rows: Arbitrary.array(scored, few)
  })
}

layer(NodeServices.layer)("every stage", (it) => {
  for (const [name, all] of Object.entries({ ...laws, ...more })) {
    for (const law of all) it.effect(`${name}: ${law.name}`, () => law.check)
  }
})

const Params = Schema.Struct({})

/** A stage of prompts that works as it is told to. */
const broken = (work: StageDefinition<{}, {}, Prompt, Prompt, never, never>["work"]) =>
  stageLaws({
    stage: makeStage({ name: "broken", doc: "", params: Params, input: Prompt, output: Prompt, work }),
    params: {},
    layer: Layer.empty
  })

/** Which laws a stage breaks, by their place. */
const brokenLaws = (all: ReadonlyArray<Law>) =>
  Effect.map(
    Effect.forEach(all, ({ check }) => Effect.result(check)),
    (results) => results.flatMap((result, i) => (result._tag === "Failure" ? [i] : []))
  )

const asIs = (rows: ReadonlyArray<Prompt>) => ({ rows, dropped: {} })

layer(NodeServices.layer)("stageLaws() finds a stage that", (it) => {
  it.effect("is right: none", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* brokenLaws(broken(() => (rows) => Effect.succeed(asIs(rows)))), [])
    })
  )

  it.effect("loses rows without telling", () =>
    Effect.gen(function* () {
      const silent = broken(() => (rows) => Effect.succeed(asIs(rows.filter(({ promptId }) => promptId !== "p1"))))
      assert.deepStrictEqual(yield* brokenLaws(silent), [0])
      const boasting = broken(() => (rows) => Effect.succeed({ ...asIs(rows), added: 1 }))
      assert.deepStrictEqual(yield* brokenLaws(boasting), [0])
    })
  )

  it.effect("turns a batch around", () =>
    Effect.gen(function* () {
      const turned = broken(() => (rows) => Effect.succeed(asIs(rows.toReversed())))
      assert.deepStrictEqual(yield* brokenLaws(turned), [1, 2, 3])
    })
  )

  it.effect("looks at the rows beside a row", () =>
    Effect.gen(function* () {
      const beside = broken(
        () => (rows) =>
          Effect.succeed(
            asIs(rows.map((row) => ({ ...row, messages: [{ role: "user", content: String(rows.length) }] })))
          )
      )
      assert.deepStrictEqual(yield* brokenLaws(beside), [2, 3])
    })
  )

  it.effect("remembers the rows that came before", () =>
    Effect.gen(function* () {
      const counting = broken(() => {
        let seen = 0
        const count = (row: Prompt): Prompt => ({ ...row, messages: [{ role: "user", content: `${++seen}` }] })
        return (rows) => Effect.sync(() => asIs(rows.map(count)))
      })
      assert.deepStrictEqual(yield* brokenLaws(counting), [3])
    })
  )

  it.effect("writes what UTF-8 cannot hold", () =>
    Effect.gen(function* () {
      const half = broken(
        () => (rows) =>
          Effect.succeed(asIs(rows.map((row) => ({ ...row, messages: [{ role: "user", content: "\ud83c" }] }))))
      )
      const all = yield* brokenLaws(half)
      assert.deepStrictEqual(all, [4])
      const error = yield* Effect.flip(half[4]?.check ?? Effect.void)
      assert.match(error.message, /^Stage "broken" breaks a law: rows come back from Arrow and from JSON lines\n.*p0/s)
    })
  )
})
