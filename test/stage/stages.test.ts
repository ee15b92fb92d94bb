import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Schema, Stream } from "effect"
import type { Candidates, Preference, Prompt, Scored } from "../../schemas/mod.ts"
import * as schemas from "../../schemas/mod.ts"
import { type Batch, fromRows, type RecordSchema } from "../../src/arrow/mod.ts"
import { Preference as Oracle } from "../../src/judge/mod.ts"
import { Policy } from "../../src/sampler/mod.ts"
import { Reward } from "../../src/scorer/mod.ts"
import {
  filter,
  judge,
  pair,
  sample,
  score,
  type StageContext,
  type StageCount,
  StageReport,
  stages
} from "../../src/stage/mod.ts"
import { Synthetic } from "./echo.ts"

const messages = [{ role: "user", content: "?" }] as const
const prompt = (promptId: string): Prompt => ({ promptId, messages })
const candidates = (promptId: string, texts: ReadonlyArray<string>): Candidates => ({
  ...prompt(promptId),
  responses: texts.map((text, i) => ({ text, tokens: 2, finish: "stop", temperature: 1, sample: i }))
})
const scored = (promptId: string, texts: ReadonlyArray<string>, rewards: ReadonlyArray<number>): Scored => ({
  ...candidates(promptId, texts),
  rewards
})
const preference = (promptId: string, chosen: string, rejected: string, margin: number): Preference => ({
  ...prompt(promptId),
  chosen,
  rejected,
  margin
})

const batched = <A>(schema: RecordSchema<A>, rows: ReadonlyArray<A>, size = 2): Stream.Stream<Batch<A>> =>
  Stream.fromIterable(rows).pipe(
    Stream.grouped(size),
    Stream.map((group) => fromRows(schema, group))
  )

const rowsOf = <A, E, R>(stream: Stream.Stream<Batch<A>, E, R>) =>
  Effect.map(Stream.runCollect(stream), (all) => all.flatMap((batch) => batch.rows))

/** What an effect gives, and the counts it reports while it runs. */
const withCounts = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const counts = yield* Ref.make<ReadonlyArray<StageCount>>([])
    const result = yield* effect.pipe(
      Effect.provideService(StageReport, (count) => Ref.update(counts, (before) => [...before, count]))
    )
    return { result, counts: yield* Ref.get(counts) }
  })

const response = (text: string, temperature: number, number: number) =>
  ({ text, tokens: 3, finish: "length", temperature, sample: number }) as const

/** What sample() says when the policy gives `answer` to prompt x. */
const sampleError = (answer: ReadonlyArray<Candidates>) =>
  batched(schemas.Prompt, [prompt("x")]).pipe(
    sample({ temperatures: [1], perTemperature: 2 }),
    Stream.provide(Policy.layerOf(() => Effect.succeed(answer))),
    rowsOf,
    Effect.flip,
    Effect.map((error) => error.message)
  )

/** What score() says when the reward gives `rewards` to two responses. */
const scoreError = (rewards: ReadonlyArray<ReadonlyArray<number>>) =>
  batched(schemas.Candidates, [candidates("x", ["a", "b"])]).pipe(
    score({}),
    Stream.provideService(Reward, Reward.of({ score: () => Effect.succeed(rewards) })),
    rowsOf,
    Effect.flip,
    Effect.map((error) => error.message)
  )

describe("sample()", () => {
  it.effect("asks the policy for every temperature, and keeps prompts and responses in order", () =>
    Effect.gen(function* () {
      const params = { temperatures: [1, 0.5], perTemperature: 1, maxNewTokens: 3 }
      const rows = yield* batched(schemas.Prompt, [prompt("x"), prompt("y"), prompt("z")]).pipe(
        sample(params, { seed: 7, iteration: 2 }),
        rowsOf,
        Effect.provide(Synthetic)
      )
      assert.deepStrictEqual(
        rows.map(({ promptId, responses }) => [promptId, responses]),
        ["x", "y", "z"].map((id) => [id, [response(`${id}/7/2/0`, 1, 0), response(`${id}/7/2/1`, 0.5, 1)]])
      )
    })
  )

  it.effect("hands on how tokens are chosen, and nothing that was not written", () =>
    Effect.gen(function* () {
      const asked: Array<unknown> = []
      const Remembering = Policy.layerOf(({ prompts: _prompts, ...request }) => {
        asked.push(request)
        return Effect.succeed([candidates("x", ["a", "b"])])
      })
      const written = { temperatures: [1], perTemperature: 2, maxNewTokens: 3 }
      const choosing = {
        topK: 40,
        topP: 0.9,
        minP: 0.05,
        repetitionPenalty: 1.1,
        stop: ["\n\n"],
        logProbabilities: true
      }
      for (const params of [written, { ...written, ...choosing }]) {
        yield* batched(schemas.Prompt, [prompt("x")]).pipe(
          sample(params, { seed: 7, iteration: 2 }),
          rowsOf,
          Effect.provide(Remembering)
        )
      }
      const context = { seed: 7, iteration: 2 }
      assert.deepStrictEqual(asked, [
        { ...written, ...context },
        { ...written, ...choosing, ...context }
      ])
    })
  )

  it.effect("refuses an answer with other rows than were asked for", () =>
    Effect.gen(function* () {
      const cannot = 'Cannot sample: answer to prompt "x": found'
      assert.deepStrictEqual(
        [
          yield* sampleError([]),
          yield* sampleError([candidates("y", ["a", "b"])]),
          yield* sampleError([candidates("x", ["a"])]),
          yield* sampleError([candidates("x", ["a", "b"]), candidates("x", ["a", "b"])])
        ],
        [
          `${cannot} nothing, wanted a row`,
          `${cannot} prompt "y", wanted rows in the order of the prompts`,
          `${cannot} 1 responses, wanted 2`,
          `${cannot} 2 rows, wanted 1`
        ]
      )
    })
  )
})

describe("score()", () => {
  it.effect("takes λ per character from each reward, Eq. (9)", () =>
    Effect.gen(function* () {
      const row = candidates("x", ["aa", "b"])
      const rows = yield* batched(schemas.Candidates, [row]).pipe(
        score({ lengthPenalty: 0.5 }),
        rowsOf,
        Effect.provide(Synthetic)
      )
      assert.deepStrictEqual(rows, [{ ...row, rewards: [1, -0.5] }])
    })
  )

  it.effect("refuses rewards that are not finite, or too few", () =>
    Effect.gen(function* () {
      const cannot = 'Cannot score: answer to prompt "x": found'
      assert.deepStrictEqual(
        [yield* scoreError([]), yield* scoreError([[1]]), yield* scoreError([[1, Number.NaN]])],
        [
          `${cannot} 0 rewards, wanted 2`,
          `${cannot} 1 rewards, wanted 2`,
          `${cannot} reward NaN for response 1, wanted a finite number`
        ]
      )
    })
  )
})

const paired = (rows: ReadonlyArray<Scored>, params: typeof pair.params.Encoded, context?: StageContext) =>
  batched(schemas.Scored, rows).pipe(pair(params, context), rowsOf)

describe("pair()", () => {
  it.effect("makes pairs of best and worst, and counts the rows that give none", () =>
    Effect.gen(function* () {
      const { result, counts } = yield* batched(schemas.Scored, [
        scored("x", ["a", "b", "c"], [0, 2, -1]),
        scored("tie", ["a", "b"], [1, 1]),
        scored("same", ["a", "a"], [1, 2])
      ]).pipe(pair({}, { seed: 0, iteration: 4 }), Stream.runCollect, withCounts)
      assert.deepStrictEqual(
        result.map((batch) => batch.rows),
        [[preference("x", "b", "c", 3)]]
      )
      assert.deepStrictEqual(counts, [
        { stage: "pair", iteration: 4, rowsIn: 2, rowsOut: 1, dropped: { tie: 1 } },
        { stage: "pair", iteration: 4, rowsIn: 1, rowsOut: 0, dropped: { identical: 1 } }
      ])
    })
  )

  it.effect("keeps equal texts and the order before the penalty when asked to", () =>
    Effect.gen(function* () {
      const row = scored("x", ["a", "a"], [1, 2])
      assert.deepStrictEqual(yield* paired([row], { dropIdentical: false }), [preference("x", "a", "a", 1)])
      // 3 − 1·3 and 2 − 1·1: the penalty turns the two around
      const turned = [scored("x", ["aaa", "b"], [3, 2])]
      assert.deepStrictEqual(yield* paired(turned, { lengthPenalty: 1 }), [preference("x", "b", "aaa", 1)])
      const legacy = { lengthPenalty: 1, legacyOrder: true }
      assert.deepStrictEqual(yield* paired(turned, legacy), [preference("x", "aaa", "b", 1)])
    })
  )

  it.effect("by bestRandom draws by seed, iteration and prompt", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 40 }, (_, i) => scored(`p${i}`, ["a", "b", "c", "d"], [9, 0, 0, 0]))
      const drawn = (seed: number, iteration: number) =>
        Effect.map(paired(rows, { rule: "bestRandom" }, { seed, iteration }), (made) =>
          made.map(({ rejected }) => rejected).join("")
        )
      const found = [yield* drawn(0, 1), yield* drawn(0, 2), yield* drawn(1, 1)]
      assert.strictEqual(new Set(found).size, 3) // 3⁴⁰ ways each
      assert.deepStrictEqual(new Set(found[0]), new Set(["b", "c", "d"]))
      assert.strictEqual(yield* drawn(0, 1), found[0])
    })
  )
})

const rowsOfRow = (rule: "bestWorst" | "allPairs", responses: number) =>
  pair.cost?.(Schema.decodeUnknownSync(pair.params)({ rule }), responses).rowsPerRow

const comparisonsOfRow = (ranking: "tournament" | "roundRobin", responses: number) =>
  judge.cost?.(Schema.decodeUnknownSync(judge.params)({ ranking }), responses).comparisonsPerRow

describe("pair() with the rule allPairs", () => {
  it.effect("makes several rows of one, and counts those that are more", () =>
    Effect.gen(function* () {
      const { result, counts } = yield* batched(schemas.Scored, [
        scored("x", ["a", "b", "c"], [0, 2, -1]),
        scored("single", ["a"], [1])
      ]).pipe(pair({ rule: "allPairs", minimumMargin: 2 }), rowsOf, withCounts)
      assert.deepStrictEqual(result, [preference("x", "b", "a", 2), preference("x", "b", "c", 3)])
      // three pairs of x are two rows more than one; a over c by 1 is too little
      const dropped = { margin: 1, single: 1 }
      assert.deepStrictEqual(counts, [{ stage: "pair", iteration: 1, rowsIn: 2, rowsOut: 2, dropped, added: 2 }])
    })
  )

  it("tells how many rows a row can become", () => {
    assert.deepStrictEqual(
      [rowsOfRow("allPairs", 4), rowsOfRow("allPairs", 2), rowsOfRow("allPairs", 1), rowsOfRow("bestWorst", 4)],
      [6, 1, 1, 1]
    )
    assert.strictEqual(
      pair.cost?.(Schema.decodeUnknownSync(pair.params)({ rule: "allPairs", among: "policyAndReference" }), 4)
        .rowsPerRow,
      1
    )
  })
})

/** Who wins between texts that are numbers: the larger; 7 loses against 1, though it is the largest. */
const Numbers = Oracle.layerOf(({ first, second }) => {
  const pairOf = `${first} ${second}`
  if (pairOf === "7 1") return 0.25
  if (pairOf === "1 7") return 0.75
  const [a, b] = [Number(first), Number(second)]
  return a === b ? 0.5 : a > b ? 0.75 : 0.25
})

describe("judge()", () => {
  const rows = [
    candidates("x", ["2", "5", "3", "5"]),
    candidates("single", ["2"]),
    candidates("same", ["2", "2"]),
    candidates("empty", ["", "2", "3"]),
    candidates("tie", ["2", "2.0"])
  ]
  for (const ranking of ["tournament", "roundRobin"] as const) {
    it.effect(`pairs the best and the worst by ${ranking}, and counts the rows that give no pair`, () =>
      Effect.gen(function* () {
        const { result, counts } = yield* batched(schemas.Candidates, rows, 10).pipe(
          judge({ ranking }),
          Stream.provide(Numbers),
          rowsOf,
          withCounts
        )
        // P(5 ≻ 2) − P(2 ≻ 5) = 0.75 − 0.25
        assert.deepStrictEqual(result, [preference("x", "5", "2", 0.5)])
        const dropped = { single: 1, identical: 1, empty: 1, tie: 1 }
        assert.deepStrictEqual(counts, [{ stage: "judge", iteration: 1, rowsIn: 5, rowsOut: 1, dropped }])
      })
    )
  }

  it.effect("says so where the worst beats the best", () =>
    Effect.gen(function* () {
      // 7 beats 2 and 3; 1 loses to 2: best 7, worst 1, and 1 beats 7. Asked in an order in which 7 and 1 do not meet.
      const { result, counts } = yield* batched(schemas.Candidates, [candidates("x", ["2", "1", "7"])]).pipe(
        judge({}),
        Stream.provide(Numbers),
        rowsOf,
        withCounts
      )
      assert.deepStrictEqual([result, counts[0]?.dropped], [[], { upset: 1 }])
    })
  )

  it.effect("asks about each text once, however often it was drawn", () =>
    Effect.gen(function* () {
      let asked = 0
      const Asked = Oracle.layerOf(({ first, second }) => {
        asked += 1
        return first > second ? 1 : 0
      })
      yield* batched(schemas.Candidates, [candidates("x", ["b", "b", "a", "c", "b", "c"])]).pipe(
        judge({}),
        Stream.provide(Asked),
        rowsOf
      )
      assert.strictEqual(asked, 2 * 3 - 3 + 1)
    })
  )

  it.effect("refuses an oracle that gives too few answers", () =>
    Effect.gen(function* () {
      const Silent = Oracle.of({ prefer: () => Effect.succeed([]) })
      const error = yield* batched(schemas.Candidates, [candidates("x", ["a", "b"])]).pipe(
        judge({}),
        Stream.provideService(Oracle, Silent),
        rowsOf,
        Effect.flip
      )
      assert.strictEqual(
        error.message,
        "Cannot compare responses: row 0: found nothing, wanted a probability from 0 to 1"
      )
    })
  )

  it("tells how many comparisons a row can cost", () => {
    assert.deepStrictEqual(
      [
        comparisonsOfRow("tournament", 8),
        comparisonsOfRow("roundRobin", 8),
        comparisonsOfRow("tournament", 2),
        comparisonsOfRow("roundRobin", 1)
      ],
      [14, 29, 2, 0]
    )
  })
})

describe("filter()", () => {
  it.effect("keeps clear and short pairs, and counts the others", () =>
    Effect.gen(function* () {
      const rows = [
        preference("x", "a😀", "b", 0.5), // two code points
        preference("margin", "aa", "b", 0.4),
        preference("long", "a", "bbb", 0.5),
        preference("long", "bbb", "a", 0.5)
      ]
      const { result, counts } = yield* batched(schemas.Preference, rows, 4).pipe(
        filter({ minimumMargin: 0.5, maximumCharacters: 2 }),
        rowsOf,
        withCounts
      )
      assert.deepStrictEqual(result, rows.slice(0, 1))
      assert.deepStrictEqual(counts, [
        { stage: "filter", iteration: 1, rowsIn: 4, rowsOut: 1, dropped: { margin: 1, length: 2 } }
      ])
    })
  )
})

describe("every stage", () => {
  it.effect("asks its input for no more batches than are wanted of it", () =>
    Effect.gen(function* () {
      const endless = Stream.iterate(0, (i) => i + 1).pipe(
        Stream.map((i) => fromRows(schemas.Prompt, [prompt(`${i}`)]))
      )
      const pairs = endless.pipe(
        Stream.rechunk(1),
        sample({ temperatures: [1], perTemperature: 2, maxNewTokens: 1 }),
        score({ lengthPenalty: 0 }),
        Stream.take(2),
        rowsOf
      )
      const { result, counts } = yield* Effect.provide(withCounts(pairs), Synthetic)
      assert.deepStrictEqual(
        result.map(({ promptId }) => promptId),
        ["0", "1"]
      )
      assert.deepStrictEqual(
        counts.map(({ stage }) => stage),
        ["sample", "score", "sample", "score"]
      )
    })
  )
})

describe("stages", () => {
  it("tell their names and columns", () => {
    const told = Object.entries(stages).map(([name, stage]) => [
      name === stage.name,
      `${stage.columnsIn.join(" ")} -> ${stage.columnsOut.join(" ")}`
    ])
    assert.deepStrictEqual(told, [
      [true, "promptId messages -> promptId messages responses"],
      [true, "promptId messages responses -> promptId messages responses"],
      [true, "promptId messages responses -> promptId messages responses rewards"],
      [true, "promptId messages responses rewards -> promptId messages chosen rejected margin"],
      [true, "promptId messages responses -> promptId messages chosen rejected margin"],
      [true, "promptId messages chosen rejected margin -> promptId messages chosen rejected margin"]
    ])
  })

  it("have the defaults of the paper", () => {
    const defaults = Object.entries(stages).map(([name, { params }]) => [
      name,
      Schema.decodeUnknownSync(params as Schema.Codec<unknown>)({}) // parameters of each kind
    ])
    assert.deepStrictEqual(Object.fromEntries(defaults), {
      sample: { temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: 2048 },
      score: { lengthPenalty: 0 },
      sampleReference: { temperatures: [1], perTemperature: 1, maxNewTokens: 2048 },
      pair: {
        rule: "bestWorst",
        among: "all",
        dropIdentical: true,
        lengthPenalty: 0,
        legacyOrder: false,
        minimumMargin: 0
      },
      judge: { ranking: "tournament" },
      filter: { minimumMargin: 0 }
    })
  })

  it("know what a row can cost", () => {
    const params = Schema.decodeUnknownSync(sample.params)({
      temperatures: [1, 0.7],
      perTemperature: 4,
      maxNewTokens: 24
    })
    assert.deepStrictEqual(sample.cost?.(params, 0), { responsesPerRow: 8, newTokensPerRow: 192 })
  })

  it("refuse parameters outside their domain", () => {
    assert.throws(() => sample({ temperatures: [] }))
    assert.throws(() => sample({ temperatures: [-1] }))
    assert.throws(() => sample({ topK: 0 }))
    assert.throws(() => sample({ topP: 0 }))
    assert.throws(() => sample({ minP: 1.1 }))
    assert.throws(() => sample({ repetitionPenalty: 0 }))
    assert.throws(() => sample({ stop: [""] }))
    assert.throws(() => score({ lengthPenalty: -0.1 }))
  })

  it("do not compile in a wrong order", () => {
    const prompts = batched(schemas.Prompt, [prompt("x")])
    // @ts-expect-error: score() needs responses, prompts have none
    const early = prompts.pipe(score({ lengthPenalty: 0 }))
    // @ts-expect-error: pair() needs rewards, sample() gives none
    const late = prompts.pipe(sample({ perTemperature: 2 }), pair({}))
    const right = prompts.pipe(sample({ perTemperature: 2 }), score({}), pair({}), filter({}))
    assert.isTrue([early, late, right].every(Stream.isStream))
  })
})
