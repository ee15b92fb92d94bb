import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import { Comparison } from "../../schemas/mod.ts"
import { rules, Steps } from "../../src/curation/mod.ts"
import { garden } from "../text/tokenizers.ts"
import { curated, idsOf, refusal } from "./curated.ts"
import { comparison, demonstration, prompt } from "./rows.ts"

const scored = (id: string, chosenScore: number, rejectedScore: number) =>
  comparison(id, { chosenScore, rejectedScore, margin: chosenScore - rejectedScore })

const said = (id: string, ...roles: ReadonlyArray<"system" | "user" | "assistant">) => ({
  promptId: id,
  messages: roles.map((role) => ({ role, content: role }))
})

describe("a rule", () => {
  const cases: ReadonlyArray<readonly [name: string, steps: unknown, rows: ReadonlyArray<Comparison>, left: string]> = [
    [
      "ties drops equal scores, and keeps rows without",
      { ties: {} },
      [scored("a", 2, 2), scored("b", 3, 2), comparison("c")],
      "bc"
    ],
    [
      "ties drops rows without scores when told",
      { ties: { unscored: "drop" } },
      [comparison("a"), scored("b", 3, 2)],
      "b"
    ],
    ["margin keeps the minimum itself", { margin: { minimum: 1 } }, [scored("a", 2, 1), scored("b", 2, 1.5)], "a"],
    [
      "scoreRatio is strict",
      { scoreRatio: { minimum: 2 } },
      [scored("a", 4, 2), scored("b", 5, 2), scored("c", 1, 0), scored("d", 0, 0), scored("e", 9, -1), comparison("f")],
      "bc"
    ],
    [
      "identical drops a response beside itself",
      { identical: {} },
      [comparison("a", { chosen: "x", rejected: "x" }), comparison("b")],
      "b"
    ],
    [
      "emptyTurns takes white space for empty",
      { emptyTurns: {} },
      [comparison("a", { rejected: " \n" }), comparison("b"), comparison("c", { messages: prompt("c", "").messages })],
      "b"
    ],
    [
      "contradicted drops a label that a field speaks against",
      { contradicted: {} },
      [comparison("a", { contradicted: "safety" }), comparison("b")],
      "b"
    ],
    [
      "pairsPerPrompt keeps the first ones",
      { pairsPerPrompt: { most: 2 } },
      ["a", "b", "c"].map((id) => comparison(id)),
      "ab"
    ],
    [
      "exactDuplicates compares whole pairs",
      { exactDuplicates: {} },
      [comparison("a"), comparison("b"), comparison("c", { rejected: "worse" })],
      "ac"
    ],
    [
      "exactDuplicates compares prompts",
      { exactDuplicates: { by: "prompt" } },
      [comparison("a"), comparison("b", { chosen: "other" })],
      "a"
    ],
    [
      "characters counts code points of each response",
      { characters: { of: "responses", maximum: 4 } },
      [comparison("a", { chosen: "😀😀😀😀" }), comparison("b", { rejected: "badly" })],
      "a"
    ],
    [
      "pattern wants one expression and refuses another",
      { pattern: { field: "chosen", matches: "^g", excludes: "s$" } },
      [comparison("a"), comparison("b", { chosen: "goods" }), comparison("c", { chosen: "a good" })],
      "a"
    ]
  ]
  for (const [name, step, rows, left] of cases) {
    it.effect(name, () =>
      Effect.map(idsOf([step], rows, "comparisons"), (ids) => assert.strictEqual(ids.join(""), left))
    )
  }

  it.effect("alternation wants user, assistant, …, user, and one system turn first at most", () =>
    Effect.gen(function* () {
      const rows = [
        said("a", "user"),
        said("b", "system", "user", "assistant", "user"),
        said("c", "user", "user"),
        said("d", "user", "assistant"),
        said("e", "system"),
        said("f", "assistant", "user")
      ]
      assert.deepStrictEqual(yield* idsOf([{ alternation: {} }], rows, "prompts"), ["a", "b"])
      assert.deepStrictEqual(yield* idsOf([{ alternation: { system: "refuse" } }], rows, "prompts"), ["a"])
    })
  )

  it.effect("language keeps the languages that are wanted", () =>
    Effect.gen(function* () {
      const rows = [
        prompt("en", "How many clips did she sell altogether in April and May?"),
        prompt("de", "Wie viele Eier legen die Enten an einem ganzen Tag im Sommer?"),
        prompt("sign", "=")
      ]
      assert.deepStrictEqual(yield* idsOf([{ language: { keep: ["en"] } }], rows, "prompts"), ["en", "sign"])
      assert.match(yield* refusal([{ language: { keep: ["xx"] } }], rows, "prompts"), /language "xx".*known are am, ar/)
    })
  )

  it.effect("tokens counts with the given tokenizer", () =>
    Effect.gen(function* () {
      const rows = [
        demonstration("a", "whale crab"),
        demonstration("b", "whale"),
        demonstration("c", "whale crab kelp")
      ]
      const options = { kind: "demonstrations", tokenizer: garden } as const
      const bounded = [{ tokens: { of: "response", minimum: 2, maximum: 2 } }]
      const { dropped } = yield* curated(bounded, rows, options)
      assert.deepStrictEqual(dropped, [
        ["b", "tokens", "1 tokens are fewer than 2"],
        ["c", "tokens", "3 tokens are more than 2"]
      ])
    })
  )

  it.effect("decontaminate names the item and the run of words", () =>
    Effect.gen(function* () {
      const benchmarks = { quiz: Stream.make({ id: "7", text: "Which planet is nearest to the sun?" }) }
      const rows = [prompt("a", "Tell me: WHICH planet is   nearest?"), prompt("b", "which planet is near")]
      const { dropped } = yield* curated([{ decontaminate: { against: ["quiz"], ngram: 4 } }], rows, {
        kind: "prompts",
        benchmarks
      })
      assert.deepStrictEqual(dropped, [["a", "decontaminate", 'whole shares "which planet is nearest" with "quiz/7"']])
    })
  )

  it.effect("that does not fit says what it wants", () =>
    Effect.gen(function* () {
      const rows = [prompt("a")]
      assert.strictEqual(
        yield* refusal([{ ties: {} }], rows, "prompts"),
        'Cannot curate: rule "ties": found records of kind "prompts", wanted "comparisons"'
      )
      assert.match(yield* refusal([{ tokens: { maximum: 1 } }], rows, "prompts"), /"tokens": found no tokenizer/)
      assert.match(yield* refusal([{ pattern: { matches: "(" } }], rows, "prompts"), /"pattern": found "\("/)
      assert.match(
        yield* refusal([{ decontaminate: { against: ["x"] } }], rows, "prompts"),
        /benchmark "x".*none is given/
      )
      assert.strictEqual(
        yield* refusal([{ tie: {} }], rows, "prompts"),
        `Cannot read the steps: found rule "tie", wanted a known one (${Object.keys(rules).join(", ")})`
      )
      assert.match(yield* refusal([{ characters: { minimum: 3, maximum: 2 } }], rows, "prompts"), /at least minimum/)
      assert.match(yield* refusal([{ nearDuplicates: { bands: 9, permutations: 8 } }], rows, "prompts"), /9 bands/)
    })
  )
})

describe("curate()", () => {
  const rows = [
    ...Array.from({ length: 9 }, (_, i) => comparison(`p${i}`, { chosen: `answer ${i % 4}` })),
    scored("tie", 1, 1),
    comparison("same", { chosen: "bad" })
  ]
  const steps = [{ ties: {} }, { identical: {} }, { pairsPerPrompt: { most: 5, seed: 3 } }, { exactDuplicates: {} }]

  it.effect("counts every row: in = out + dropped, step after step, and tells each", () =>
    Effect.gen(function* () {
      const { ids, dropped, reports } = yield* curated(steps, rows, { kind: "comparisons" })
      const [report] = reports
      assert.strictEqual(reports.length, 1)
      const counts = report?.steps.map((step) => [step.rule, step.rowsIn, step.dropped])
      const duplicates = 5 - ids.length
      assert.deepStrictEqual(counts, [
        ["ties", 11, 1],
        ["identical", 10, 1],
        ["pairsPerPrompt", 9, 4],
        ["exactDuplicates", 5, duplicates]
      ])
      assert.deepStrictEqual([report?.rowsIn, report?.rowsOut], [11, ids.length])
      assert.deepStrictEqual([...ids, ...dropped.map(([id]) => id)].sort(), rows.map((row) => row.promptId).sort())
      assert.deepStrictEqual(report?.steps[0]?.examples, [{ id: "tie", why: "both scores are 1" }])
      assert.deepStrictEqual(
        ids,
        rows.map((row) => row.promptId).filter((id) => ids.includes(id))
      )
    })
  )

  it.effect("gives the same rows whatever the chunks", () =>
    Effect.gen(function* () {
      const [first, ...others] = yield* Effect.forEach([1, 2, 64], (chunk) =>
        curated(steps, rows, { kind: "comparisons", chunk })
      )
      for (const other of others) {
        assert.deepStrictEqual(other.ids, first?.ids)
        assert.deepStrictEqual(other.reports, first?.reports)
      }
    })
  )

  it.effect.prop(
    "keeps in = out + dropped for any comparisons",
    { found: Schema.Array(Comparison) },
    ({ found }) =>
      Effect.gen(function* () {
        const all = [{ emptyTurns: {} }, { alternation: {} }, { nearDuplicates: {} }, { scoreRatio: { minimum: 0.5 } }]
        const { ids, dropped, reports } = yield* curated(all, found, { kind: "comparisons" })
        const counted = reports[0]?.steps.reduce((sum, step) => sum + step.dropped, 0)
        assert.deepStrictEqual([ids.length + dropped.length, counted], [found.length, dropped.length])
      }),
    { arbitrary: { runs: 20 } }
  )

  it.effect("reads responses of demonstrations", () =>
    Effect.map(
      idsOf(
        [{ characters: { of: "response", maximum: 2 } }],
        [demonstration("a", "ab"), demonstration("b", "abc")],
        "demonstrations"
      ),
      (ids) => assert.deepStrictEqual(ids, ["a"])
    )
  )

  it("has steps that are plain data", () => {
    const read = Schema.decodeUnknownSync(Steps)([{ ties: {} }])
    assert.deepStrictEqual(read, [{ ties: { unscored: "keep" } }])
  })
})
