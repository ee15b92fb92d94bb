import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import type { DataRow } from "../../../src/metric/mod.ts"
import { measureStatistics } from "../../../src/report/mod.ts"
import { shared } from "../../text/tokenizers.ts"

/** Sums of float64 in another order than Python's. */
const tolerance = 1e-9

const linesOf = (file: string): ReadonlyArray<unknown> =>
  gunzipSync(readFileSync(`${shared}data/${file}`))
    .toString()
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line))

interface UltraFeedback {
  readonly prompt: string
  readonly chosen: string
  readonly rejected: string
  readonly metadata: { readonly score_chosen: number; readonly score_rejected: number }
}

const ultraFeedback = (file: string): ReadonlyArray<DataRow> =>
  (linesOf(`ultrafeedback-subset/${file}`) as ReadonlyArray<UltraFeedback>).map(
    // as: a file that is known
    ({ chosen, metadata, prompt, rejected }, i) => ({
      promptId: `${i}`,
      messages: [{ role: "user", content: prompt }],
      chosen,
      rejected,
      margin: metadata.score_chosen - metadata.score_rejected
    })
  )

/** What is said before the last answer, and that answer. */
const cut = (dialogue: string): readonly [prompt: string, answer: string] => {
  const at = dialogue.lastIndexOf("\n\nAssistant:")
  return [dialogue.slice(0, at), dialogue.slice(at + 12).trim()]
}

const hhRlhf = (): ReadonlyArray<DataRow> =>
  (linesOf("hh-rlhf/harmless-base_test.jsonl.gz") as ReadonlyArray<{ chosen: string; rejected: string }>).map(
    // as: a file that is known
    ({ chosen, rejected }, i) => ({
      promptId: `${i}`,
      messages: [{ role: "user", content: cut(chosen)[0] }],
      chosen: cut(chosen)[1],
      rejected: cut(rejected)[1],
      margin: 0
    })
  )

const measured = (rows: ReadonlyArray<DataRow>) => measureStatistics(Stream.fromIterable(rows), { by: "dataset" })

/** Numbers of a script in Python that shares no code: len(text), sets, sorted lists. */
const flipped = {
  "train_clean.jsonl.gz": { against: 0, rate: 0, low: 0, high: 0.004302509457578392, chance: 0.2203171305614733 },
  "label_flip_20.jsonl.gz": {
    against: 177,
    rate: 177 / 889,
    low: 0.17416972961991803,
    high: 0.2266197445755875,
    chance: 0.3301652631949422
  }
} as const

describe("measureStatistics() of data of others", () => {
  for (const [file, wanted] of Object.entries(flipped)) {
    it.effect.skipIf(!existsSync(`${shared}data/ultrafeedback-subset/${file}`))(
      `sees how many labels of ${file} were turned`,
      () =>
        Effect.gen(function* () {
          const { comparisons, prompts, rows } = (yield* measured(ultraFeedback(file))).all
          assert.deepStrictEqual(
            [rows, prompts, comparisons?.identical, comparisons?.margins?.ties],
            [1000, 1000, 4, 111]
          )
          const { bradleyTerry = Number.NaN, scores } = comparisons?.noise ?? {}
          assert.deepStrictEqual([scores?.count, scores?.of], [wanted.against, 889])
          assert.closeTo(scores?.rate ?? Number.NaN, wanted.rate, tolerance)
          // the script has Wilson's interval: each prompt has one pair, so that a bootstrap of 1000 comes close
          assert.closeTo(scores?.low ?? Number.NaN, wanted.low, 0.004)
          assert.closeTo(scores?.high ?? Number.NaN, wanted.high, 0.004)
          assert.closeTo(bradleyTerry, wanted.chance, tolerance)
        })
    )
  }

  it.effect.skipIf(!existsSync(`${shared}data/hh-rlhf`))("counts what Python counts of HH-RLHF", () =>
    Effect.gen(function* () {
      const { comparisons, lengths, prompts, rows } = (yield* measured(hhRlhf())).all
      assert.deepStrictEqual([rows, prompts], [2312, 2310])
      assert.deepStrictEqual(
        [lengths.prompt, lengths.chosen, lengths.rejected].map((part) => [part?.mean, part?.max]),
        [
          [1_096_115 / 2312, 3486],
          [385_459 / 2312, 1076],
          [484_958 / 2312, 2469]
        ]
      )
      assert.deepStrictEqual([comparisons?.chosenLonger?.count, comparisons?.chosenLonger?.of], [1023, 2301])
      assert.notProperty(comparisons, "margins")
    })
  )
})
