import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import type { Scored } from "../../schemas/mod.ts"
import { Scored as ScoredSchema } from "../../schemas/mod.ts"
import { fromRows, writeArrow, writeJsonLines } from "../../src/arrow/mod.ts"
import { lengthBiasSvg, measureLengthBias, writeLengthBias } from "../../src/report/mod.ts"
import { escapeText } from "../../src/report/svg.ts"
import { withFile } from "../arrow/temporary.ts"

const row = (promptId: string, texts: ReadonlyArray<string>, rewards: ReadonlyArray<number>): Scored => ({
  promptId,
  messages: [{ role: "user", content: "?" }],
  responses: texts.map((text, sample) => ({ text, tokens: 1, finish: "stop", temperature: 1, sample })),
  rewards
})

/** Coefficients 1 (mean length 2), −1 (mean length 2), ½ (mean length 20), and one prompt of each kind without. */
const rows = [
  row("up", ["a", "bb", "ccc"], [1, 2, 3]),
  row("down", ["a", "bb", "ccc"], [3, 2, 1]),
  row("half", ["a".repeat(10), "b".repeat(20), "c".repeat(30)], [1, 3, 2]),
  row("single", ["a"], [1]),
  row("length", ["a", "b"], [1, 2]),
  row("reward", ["a", "bb"], [0.1, 0.1])
]

const options = { unit: "characters", seed: 0, resamples: 200, level: 0.95, columns: 4, rows: 2 } as const

const written = (name: string, all: ReadonlyArray<Scored>, metadata = {}) => {
  const batches = Stream.make(fromRows(ScoredSchema, all))
  return (path: string) =>
    name.endsWith(".arrow")
      ? writeArrow(path, ScoredSchema, metadata)(batches)
      : writeJsonLines(path, ScoredSchema)(batches)
}

const measured = (name: string, all: ReadonlyArray<Scored>, metadata = {}) =>
  withFile(name, (path) =>
    Effect.andThen(written(name, all, metadata)(path), measureLengthBias(path, options).pipe(Effect.result))
  )

/** The measures of the rows, whichever file they lie in; the interval is the bootstrap's own. */
const expected = {
  unit: "characters",
  prompts: 6,
  responses: 14,
  none: { single: 1, sameLength: 1, sameReward: 1 },
  coefficients: 3,
  positive: 2,
  negative: 1,
  level: 0.95,
  resamples: 200,
  seed: 0,
  edges: [-1, -0.5, 0, 0.5, 1],
  groups: [
    { from: 0, to: 10, prompts: 2, mean: 0 },
    { from: 10, to: 20, prompts: 1, mean: 0.5 }
  ],
  counts: [
    [1, 0, 0, 1],
    [0, 0, 0, 1]
  ]
}

const lineage = (lengthPenalty: number) => ({
  lineage: JSON.stringify({ settings: { stage: "score", parameters: { lengthPenalty } }, inputs: {} })
})

describe("measureLengthBias()", () => {
  for (const name of ["scored.arrow", "scored.jsonl"]) {
    it.effect(`sums up the prompts of ${name}`, () =>
      Effect.gen(function* () {
        const { high, low, mean, ...rest } = yield* Effect.fromResult(yield* measured(name, rows))
        assert.deepStrictEqual<unknown>(rest, expected)
        assert.closeTo(mean, 1 / 6, 1e-12) // rounding of float64
        assert.isTrue(-1 <= low && low < mean && mean < high && high <= 1)
      })
    )
  }

  it.effect("tells of the length penalty that a stage file's rewards carry", () =>
    Effect.gen(function* () {
      const { lengthPenalty } = yield* Effect.fromResult(yield* measured("s.arrow", rows, lineage(0.001)))
      assert.strictEqual(lengthPenalty, 0.001)
      const without = yield* Effect.fromResult(yield* measured("s.arrow", rows, lineage(0)))
      assert.notProperty(without, "lengthPenalty")
    })
  )

  it.effect("refuses rewards that do not belong to the responses", () =>
    Effect.gen(function* () {
      const found = yield* measured("s.jsonl", [...rows, row("bad", ["a", "bb"], [1])]).pipe(
        Effect.flatMap(Effect.fromResult),
        Effect.flip
      )
      assert.match(
        found.message,
        /^Cannot report on ".*s\.jsonl": row 6, prompt "bad": found 1 rewards, wanted 2, one for each response$/
      )
    })
  )

  it.effect("refuses a file without any coefficient, and counts why", () =>
    Effect.gen(function* () {
      const found = yield* measured("s.jsonl", rows.slice(3)).pipe(Effect.flatMap(Effect.fromResult), Effect.flip)
      assert.include(
        found.message,
        "found no prompt with a coefficient among 3 (1 with fewer than two responses, 1 with"
      )
    })
  )
})

/** Every element of a document is closed by its own name, none is left open. */
const isBalanced = (xml: string): boolean => {
  const open: Array<string> = []
  for (const [, end, name, alone] of xml.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end === "/" && open.pop() !== name) return false
    if (end === "" && alone === "" && name !== undefined) open.push(name)
  }
  return open.length === 0
}

/** A count as it is drawn on a dark ground. */
const at = (x: number, y: number, count: number) =>
  `<text x="${x}" y="${y}" text-anchor="middle" fill="#ffffff">${count}</text>`

// columns of 32 from 96: −1 is at 96, 0 at 160, 1 at 224
const place = (r: number) => Number((160 + 64 * r).toFixed(2))

describe("lengthBiasSvg()", () => {
  it.effect("writes each count in its place, the shortest group at the bottom, and escapes the title", () =>
    Effect.gen(function* () {
      const bias = yield* Effect.fromResult(yield* measured("s.jsonl", rows))
      const svg = lengthBiasSvg(bias, `<script>"&'`)
      assert.isTrue(isBalanced(svg))
      assert.notInclude(svg, "<script>")
      assert.include(svg, `<title>&lt;script&gt;&quot;&amp;'</title>`)
      // cells are 32 by 24 from (96, 76): columns 0 and 3, the group of 0 to 10 in the second row from above
      const found = [...svg.matchAll(/<text [^>]*fill="#ffffff">\d+<\/text>/g)].map(([text]) => text)
      assert.deepStrictEqual(found, [at(112, 116, 1), at(208, 116, 1), at(208, 92, 1)])
      assert.include(svg, "over 3 of 6 prompts, 3 without a coefficient")
    })
  )

  it.effect("says the ends of columns and groups and the mean of each, and draws the mean with its interval", () =>
    Effect.gen(function* () {
      const bias = yield* Effect.fromResult(yield* measured("s.jsonl", rows))
      const svg = lengthBiasSvg(bias, "t")
      const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>(−?[\d.]+(?: \(\d\))?)<\/text>/g)]
      assert.deepStrictEqual(
        labels.filter(([text]) => !text.includes("#ffffff")).map(([, x, y, text]) => `${text} at ${x}, ${y}`),
        [
          "−1.00 at 96, 142",
          "−0.50 at 128, 142",
          "0.00 at 160, 142",
          "0.50 at 192, 142",
          "1.00 at 224, 142",
          "0 at 88, 128",
          "10 at 88, 104",
          "20 at 88, 80",
          "0.00 (2) at 234, 116",
          "0.50 (1) at 234, 92"
        ]
      )
      const [mean, from] = [place(bias.mean), place(bias.low)]
      assert.include(svg, `<line x1="${mean}" x2="${mean}"`)
      assert.match(svg, new RegExp(`<rect x="${from}" y="70" width="([\\d.]+)" height="6"`))
      assert.closeTo(Number(/y="70" width="([\d.]+)"/.exec(svg)?.[1]), 64 * (bias.high - bias.low), 0.01) // two digits are written
    })
  )
})

describe("escapeText()", () => {
  it("leaves nothing that XML reads as its own, or cannot hold", () => {
    assert.strictEqual(escapeText('<a b="c">&\u0000\ud800\n'), "&lt;a b=&quot;c&quot;&gt;&amp;\ufffd\ufffd\n")
  })
})

describe("writeLengthBias()", () => {
  it.effect("leaves data and picture in a folder it makes, and nothing else", () =>
    withFile("deep/report", (folder) =>
      Effect.gen(function* () {
        const bias = yield* Effect.fromResult(yield* measured("s.jsonl", rows))
        yield* writeLengthBias(bias, { folder, title: "t" })
        const files = yield* FileSystem.FileSystem
        assert.deepStrictEqual((yield* files.readDirectory(folder)).toSorted(), ["length-bias.json", "length-bias.svg"])
        assert.deepStrictEqual<unknown>(JSON.parse(yield* files.readFileString(`${folder}/length-bias.json`)), bias)
        assert.strictEqual(yield* files.readFileString(`${folder}/length-bias.svg`), lengthBiasSvg(bias, "t"))
      })
    ).pipe(Effect.provide(NodeServices.layer))
  )
})
