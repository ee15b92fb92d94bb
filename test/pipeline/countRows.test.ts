import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { countRows } from "../../src/pipeline/loop/countRows.ts"
import { answersOfRow } from "../../src/pipeline/costOfRow.ts"
import { compile } from "../../src/pipeline/mod.ts"
import { AnswerReport } from "../../src/runtime/mod.ts"
import { readText, smallPipeline, withFiles } from "./small.ts"

it.effect(
  "countRows() counts an answer as its share of a row, and the end of a batch sets right what is told wrong",
  () =>
    Effect.gen(function* () {
      const amounts: Array<number> = []
      const rows = yield* countRows((amount) => Effect.sync(() => void amounts.push(amount)), 4)
      const told = (answers: number) => rows.follow(Effect.flatMap(AnswerReport, (report) => report(answers)))
      yield* told(2)
      yield* told(4)
      yield* rows.ended(2) // 8 answers would be 2 rows: 6 have come
      yield* told(12)
      yield* rows.ended(2) // more than there can be
      yield* rows.ended(1) // kept by an earlier run
      assert.deepStrictEqual(amounts, [0.5, 1, 0.5, 3, -1, 1])
    })
)

it.effect("answersOfRow() counts what is drawn, then scored, or asked in both orders", () =>
  Effect.gen(function* () {
    const { stages } = yield* compile(yield* readText(smallPipeline))
    assert.deepStrictEqual([answersOfRow(stages.slice(0, 1)), answersOfRow(stages.slice(0, 2))], [4, 4])
    const judged = smallPipeline.replace("  - score: {}\n  - pair: {}", "  - judge: { ranking: roundRobin }")
    // 4·3/2 pairs and the final, each asked twice
    assert.strictEqual(answersOfRow((yield* compile(yield* readText(judged))).stages), 14)
  }).pipe(withFiles)
)
