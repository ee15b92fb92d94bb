import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { RawRow } from "../../../src/arrow/mod.ts"
import { comparisons, datasets } from "../../../src/dataset/mod.ts"
import { readAll, rowsOf } from "./readFixture.ts"

const { helpSteer } = datasets
const row = (number: number, prompt: string, helpfulness: unknown): RawRow => ({
  place: "line",
  number,
  value: { prompt, response: `${number}`, helpfulness, correctness: 0, coherence: 0, complexity: 0, verbosity: 0 }
})

it.effect("readSource() names file, line and field of a row that does not fit", () =>
  Effect.gen(function* () {
    const error = yield* Effect.flip(readAll("helpSteer", helpSteer, [row(1, "a", 4), row(2, "a", "4")]))
    assert.strictEqual(
      error.message,
      'Cannot read "file": line 2 is no row of data set "helpSteer", field "helpfulness": found "4", wanted number'
    )
  })
)

it.effect("readSource() counts a row that does not fit, and compares those around it, when it shall skip", () =>
  Effect.gen(function* () {
    const rows = [row(1, "a", 4), row(2, "a", "4"), row(3, "a", 2)]
    const { counts, records } = yield* readAll("helpSteer", helpSteer, rows, "skip")
    assert.deepStrictEqual(
      records.map(({ chosen, rejected }) => [chosen, rejected]),
      [["1", "3"]]
    )
    assert.deepStrictEqual(counts, { rowsIn: 3, recordsOut: 1, added: 0, skipped: 1, scattered: 0, dropped: {} })
  })
)

it.effect("readSource() counts rows of a prompt that lie apart, which are not compared", () =>
  Effect.gen(function* () {
    const rows = [row(1, "a", 4), row(2, "b", 3), row(3, "a", 2), row(4, "a", 1)]
    const { counts, records } = yield* readAll("helpSteer", helpSteer, rows)
    assert.deepStrictEqual(
      records.map(({ promptId }) => promptId),
      ["file:3#0>1"]
    )
    assert.strictEqual(counts.scattered, 2)
  })
)

it.effect("readSource() counts what K responses add: K (K − 1) / 2 − 1 for one row", () =>
  Effect.gen(function* () {
    const answers = [1, 2, 3, 4].map((rank) => ({ answer: `${rank}`, model: "m", rank }))
    const rows: ReadonlyArray<RawRow> = [
      { place: "row", number: 0, value: { prompt: "\n\nHuman: Hi\n\nAssistant:", answers } }
    ]
    const { counts } = yield* readAll("nectar", datasets.nectar, rows)
    assert.deepStrictEqual([counts.recordsOut, counts.added], [6, 5])
  })
)

it("comparisons() of no or one response are none", () => {
  const shared = { promptId: "p", messages: [{ role: "user" as const, content: "?" }] }
  assert.deepStrictEqual(comparisons(shared, []), { records: [], dropped: {} })
  assert.deepStrictEqual(comparisons(shared, [{ response: "a", score: 1 }]), { records: [], dropped: {} })
})

const shared = (path: string) => new URL(`../../../../shared/data/${path}`, import.meta.url)
const [hh, teacher] = [shared("hh-rlhf/harmless-base_test.jsonl.gz"), shared("gpteacher/codegen-instruct.json.gz")]

describe.skipIf(!existsSync(hh) || !existsSync(teacher))("the real rows of shared/data", () => {
  it.effect("hhRlhf reads all 2312 rows: each is a comparison or has unlike prompts", () =>
    Effect.gen(function* () {
      const { counts } = yield* readAll("hhRlhf", datasets.hhRlhf, rowsOf(hh))
      const { unlikePrompts = 0 } = counts.dropped
      assert.deepStrictEqual([counts.rowsIn, counts.recordsOut + unlikePrompts, counts.skipped], [2312, 2312, 0])
      assert.isAbove(counts.recordsOut, 2250)
    })
  )

  it.effect("gpTeacher reads all 4535 rows", () =>
    Effect.gen(function* () {
      const { counts } = yield* readAll("gpTeacher", datasets.gpTeacher, rowsOf(teacher))
      assert.deepStrictEqual([counts.rowsIn, counts.recordsOut, counts.dropped], [4535, 4535, {}])
    })
  )
})
