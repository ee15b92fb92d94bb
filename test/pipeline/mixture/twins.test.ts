import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readdirSync } from "node:fs"
import { checkMixture, mixData, readMixture } from "../../../src/pipeline/mixture/mod.ts"
import { withFiles } from "../small.ts"
import { folderOf, idsOf, tableOf } from "./mixed.ts"

const run = Effect.fnUntraced(function* (name: string) {
  const out = `${yield* folderOf({})}/out`
  const { file } = yield* checkMixture(yield* readMixture(`pipelines/${name}.tiny.yaml`, [`out=${out}`]))
  return yield* mixData({ file, onError: "stop", tableOf })
})

/** What a source of a report says, without its files. */
const numbers = ({
  kept,
  mixed,
  name,
  records,
  rowsIn,
  unread,
  filters
}: Effect.Success<ReturnType<typeof run>>["report"]["sources"][number]) => ({
  name,
  rowsIn,
  unread,
  records,
  dropped: filters.flatMap(({ dropped, rule }) => (dropped > 0 ? [`${rule} ${dropped}`] : [])),
  kept,
  mixed
})

describe("mixtures of the paper", () => {
  it.effect("mix1.tiny.yaml: every row of four sets is in the mixture or counted where it went", () =>
    Effect.gen(function* () {
      const { folder, report } = yield* run("mix1")
      // HH-RLHF: 2 rows, the second's transcripts differ before the last turn.
      // SHP: 2 rows of one post; 9 votes over 3 stays (ratio 3), 3 over 9 is contradicted by its votes.
      // UltraFeedback: 4 answers, 6 pairs: 3 with the answer without a score, 1 of two equal scores, 2 stay.
      // Summarize from Feedback: 2 rows, 2 pairs.
      const none = { unread: {}, dropped: [] }
      assert.deepStrictEqual(report.sources.map(numbers), [
        { ...none, name: "hhRlhf", rowsIn: 2, unread: { unlikePrompts: 1 }, records: 1, kept: 1, mixed: 1 },
        { ...none, name: "shp", rowsIn: 2, records: 2, dropped: ["contradicted 1"], kept: 1, mixed: 1 },
        { ...none, name: "ultraFeedback", rowsIn: 1, unread: { ties: 1, unscored: 3 }, records: 2, kept: 2, mixed: 2 },
        { ...none, name: "summarizeFromFeedback", rowsIn: 2, records: 2, kept: 2, mixed: 2 }
      ])
      assert.deepStrictEqual([report.mixed, report.kept, report.rows], [6, 6, 6])
      const ids = [...(yield* idsOf(folder, "train")), ...(yield* idsOf(folder, "validation"))]
      assert.deepStrictEqual(ids.toSorted(), [
        "hhRlhf:1",
        "p1#a>b",
        "summarizeFromFeedback:1",
        "summarizeFromFeedback:2",
        "ultraFeedback:1#1>0",
        "ultraFeedback:1#1>2"
      ])
      assert.deepStrictEqual(report.statistics.groups.map(({ name, rows }) => [name, rows]).toSorted(), [
        ["hhRlhf", 1],
        ["shp", 1],
        ["summarizeFromFeedback", 2],
        ["ultraFeedback", 2]
      ])
    }).pipe(withFiles)
  )

  const twins = readdirSync("pipelines").flatMap((name) => /^(mix2|.*-mix)\.tiny\.yaml$/.exec(name)?.[1] ?? [])
  const counts: Readonly<Record<string, ReadonlyArray<number>>> = {
    mix2: [16, 15, 15], // PKU-SafeRLHF, HelpSteer, …: 16 records; the contradicted one of Argilla-Math goes at the end
    "sft-mix": [10, 10, 10],
    "prompts-mix": [7, 7, 5]
  }

  it.effect.each(twins)("%s.tiny.yaml: what is mixed, kept and written", (name) =>
    Effect.gen(function* () {
      const { report } = yield* run(name)
      assert.deepStrictEqual([report.mixed, report.kept, report.rows], counts[name])
      for (const { filters, kept, records } of report.sources)
        assert.strictEqual(
          filters.reduce((sum, { dropped }) => sum + dropped, kept),
          records
        )
      assert.strictEqual(
        report.splits.reduce((sum, { rows }) => sum + rows, 0),
        report.rows
      )
    }).pipe(withFiles)
  )
})
