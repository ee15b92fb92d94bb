import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Stream } from "effect"
import type { DataRow } from "../../../src/metric/mod.ts"
import {
  formatStatistics,
  measureStatistics,
  statisticsHtml,
  statisticsMarkdown,
  statisticsSvg,
  writeStatistics
} from "../../../src/report/mod.ts"
import { withFile } from "../../arrow/temporary.ts"
import { openTokenizing } from "../../../src/tokenizing/mod.ts"
import { garden } from "../../text/tokenizers.ts"

const row = (content: string, chosen: string, rejected: string, more: Partial<DataRow> = {}): DataRow => ({
  promptId: "p",
  messages: [{ role: "user", content }],
  chosen,
  rejected,
  margin: 0,
  ...more
})

const rows = [
  row("list oak", "crab anchor wave", "fox", { dataset: "shore", source: "LLM", annotator: "Human", margin: 2 }),
  row("list oak", "fox", "crab fox", { dataset: "shore", source: "LLM", annotator: "Human", margin: -1 }),
  row("name a|b <c>", "oak", "fox", { dataset: "wood", source: "Human", annotator: "GPT-4" })
]

const measured = (all: ReadonlyArray<DataRow> = rows) => measureStatistics(Stream.fromIterable(all), { by: "dataset" })

const head =
  "Dataset | #Prompts | Prompt Len. | Preferred Len. | Rejected Len. | Completion | Annotator | #Pairs | Longer"
/** Lengths in characters: prompts 8 8 12, preferred 16 3 3, rejected 3 8 3. */
const cells = [
  "shore | 1 | 8.0 | 9.5 | 5.5 | LLM | Human | 2 | 50.0 %",
  "wood | 1 | 12.0 | 3.0 | 3.0 | Human | GPT-4 | 1 | –",
  "all | 2 | 9.3 | 7.3 | 4.7 | LLM, Human | Human, GPT-4 | 3 | 50.0 %"
]
const notes = [
  "Lengths are means over all rows, in characters",
  // Wilson of half a prompt of 1: ½ ± z·√(1/4 + z²/4)/(1 + z²)
  "The preferred response is longer in 1 of 2 pairs of different length (1 prompts): 50.0 % (95 % interval 5.5 to 94.5 %)",
  "0 pairs of equal responses, 1 of equal length",
  "Margins are -1 to 2, mean 0.333; 1 ties",
  "1 of 2 labels against the scores of their row (1 prompts): 50.0 % of labels wrong if the scores are right (95 % interval 5.5 to 94.5 %)",
  // (σ(−2) + σ(1) + σ(0))/3 = (0.1192 + 0.7311 + 0.5)/3
  "45.0 % of labels would differ if drawn anew by Bradley-Terry from the margins, read in nats"
]

describe("measureStatistics()", () => {
  it.effect("counts tokens of texts alone, and names the tokenizer", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const encode = (text: string) => {
        asked.push(text)
        return garden.encode(text)
      }
      const all = rows.slice(0, 2)
      const tokenizer = { name: "garden", ...(yield* openTokenizing({ ...garden, encode })) }
      const found = yield* measureStatistics(Stream.fromIterable(all), { by: "dataset", tokenizer })
      const { chosen, prompt, rejected } = found.all.lengths
      assert.deepStrictEqual([found.unit, found.tokenizer], ["tokens", "garden"])
      assert.deepStrictEqual([prompt?.mean, chosen?.mean, rejected?.mean], [2, 2, 1.5])
      assert.deepStrictEqual(asked, ["list oak", "crab anchor wave", "fox", "crab fox"]) // each once
    })
  )

  it.effect("lets others run between rows", () =>
    Effect.gen(function* () {
      let turns = 0
      const count = () => {
        turns++
        timer = setImmediate(count)
      }
      let timer = setImmediate(count)
      const long = Array.from({ length: 50 }, () => row("x".repeat(20_000), "a", "b"))
      yield* measured(long)
      clearImmediate(timer)
      assert.isAtLeast(turns, 40)
    })
  )
})

describe("formatStatistics()", () => {
  it.effect(
    "prints the columns of Table 5, a line for each data set and one for all, and what speaks against labels",
    () =>
      Effect.gen(function* () {
        const lines = formatStatistics(yield* measured()).split("\n")
        const table = lines.slice(0, 4).map((line) => line.split(/ {2,}/).join(" | "))
        assert.deepStrictEqual(table, [head, ...cells])
        assert.deepStrictEqual(lines.slice(4), ["", ...notes])
      })
  )

  it.effect("prints the columns that demonstrations have", () =>
    Effect.gen(function* () {
      const found = yield* measured([
        { promptId: "p", messages: [{ role: "user", content: "ab" }], response: "c", dataset: "one" }
      ])
      assert.strictEqual(
        formatStatistics(found),
        `Dataset  #Prompts  Prompt Len.  Response Len.  Completion  #Rows
one             1          2.0            1.0  –               1

Lengths are means over all rows, in characters`
      )
    })
  )
})

describe("statisticsMarkdown()", () => {
  it.effect("writes a table and a list, and escapes what names hold", () =>
    Effect.gen(function* () {
      const lines = statisticsMarkdown(yield* measured()).split("\n")
      assert.deepStrictEqual(lines.slice(0, 5), [
        `| ${head} |`,
        "| :--- | ---: | ---: | ---: | ---: | :--- | :--- | ---: | ---: |",
        ...cells.map((line) => `| ${line} |`)
      ])
      assert.deepStrictEqual(
        lines.slice(6, -1),
        notes.map((note) => `- ${note}`)
      )
      const odd = yield* measured([row("a", "b", "c", { dataset: "a|b\n<c>" })])
      assert.include(statisticsMarkdown(odd), "| a\\|b \\<c\\> |")
    })
  )
})

describe("statisticsSvg()", () => {
  it.effect("draws a panel for each length and for the margin, with a bar for each bin", () =>
    Effect.gen(function* () {
      const found = yield* measured()
      const svg = statisticsSvg(found, "<t>")
      const { comparisons, lengths } = found.all
      const bins = [lengths.prompt, lengths.chosen, lengths.rejected, comparisons?.margins].map(
        (part) => part?.histogram.counts.length ?? 0
      )
      assert.strictEqual(svg.match(/<rect /g)?.length, 1 + bins.reduce((sum, n) => sum + n, 0)) // the ground, and the bars
      assert.deepStrictEqual(
        [...svg.matchAll(/>([A-Z][a-z ]+): mean ([^<,]+)/g)].map(([, name, mean]) => [name, mean]),
        [
          ["Prompt", "9.33 characters"],
          ["Preferred response", "7.33 characters"],
          ["Rejected response", "4.67 characters"],
          ["Margin", "0.33 reward"]
        ]
      )
      assert.include(svg, "<title>&lt;t&gt;</title>")
    })
  )

  it.effect("draws bars as high as their counts, 140 for the highest of a panel, from left to right on one line", () =>
    Effect.gen(function* () {
      const found = yield* measured()
      const bar = /<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"[^>]*><title>/g
      const bars = [...statisticsSvg(found, "t").matchAll(bar)].map((all) => all.slice(1).map(Number))
      const { comparisons, lengths } = found.all
      for (const part of [lengths.prompt, lengths.chosen, lengths.rejected, comparisons?.margins]) {
        const counts = part?.histogram.counts ?? []
        const panel = bars.splice(0, counts.length)
        const tallest = Math.max(...counts)
        counts.forEach((count, i) => {
          const [x = 0, y = 0, height = 0] = panel[i] ?? []
          const [left = -1, top = 0, first = 0] = panel[i - 1] ?? panel[i]?.with(0, -1) ?? []
          assert.closeTo(height, (140 * count) / tallest, 0.01) // two digits are written
          assert.closeTo(y + height, top + first, 0.02)
          assert.isAbove(x, left)
        })
      }
      assert.deepStrictEqual(bars, [])
    })
  )
})

describe("writeStatistics()", () => {
  it.effect("leaves data, Markdown, picture and page in a folder it makes, and nothing else", () =>
    withFile("deep/report", (folder) =>
      Effect.gen(function* () {
        const found = yield* measured()
        yield* writeStatistics(found, { folder, title: "a & b" })
        const files = yield* FileSystem.FileSystem
        const names = (yield* files.readDirectory(folder)).toSorted()
        assert.deepStrictEqual(names, ["statistics.html", "statistics.json", "statistics.md", "statistics.svg"])
        const read = (name: string) => files.readFileString(`${folder}/${name}`)
        assert.deepStrictEqual<unknown>(JSON.parse(yield* read("statistics.json")), found)
        assert.strictEqual(yield* read("statistics.md"), statisticsMarkdown(found))
        assert.strictEqual(yield* read("statistics.svg"), statisticsSvg(found, "a & b"))
        assert.include(yield* read("statistics.html"), statisticsHtml(found, "a & b"))
      })
    ).pipe(Effect.provide(NodeServices.layer))
  )
})
