import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import { parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"
import { Comparison, Demonstration, Prompt } from "../../schemas/mod.ts"
import { DatasetCard, exportDataset, renderCard, resolveFolder } from "../../src/dataset/mod.ts"
import { batched } from "../arrow/rows.ts"
import { withFile } from "../arrow/temporary.ts"

const row = (i: number): Comparison => ({
  promptId: `p${i}`,
  messages: [
    { role: "system", content: "s" },
    { role: "user", content: `é😀 ${i}` }
  ],
  chosen: `yes ${i}`,
  rejected: "no",
  margin: i,
  ...(i === 0 ? {} : { chosenScore: i, rejectedScore: 0, dataset: "d" })
})

const card: DatasetCard = {
  title: "Mine",
  summary: "Small.",
  licence: "mit",
  languages: ["en"],
  sources: [{ name: "A | B", id: "a/b", revision: "abc", licence: "mit", rows: 9 }],
  rules: [{ rule: "ties", dropped: 2 }],
  statistics: { columns: ["split", "mean"], rows: [["train", 1.5]] }
}

const readParquet = Effect.fnUntraced(function* (path: string) {
  const file = (yield* (yield* FileSystem.FileSystem).readFile(path)).slice().buffer
  return yield* Effect.promise(() => parquetReadObjects({ file, compressors }))
})

const trlOf = ({ chosen, chosenScore, messages, rejected, rejectedScore }: Comparison) => ({
  prompt: messages,
  chosen: [{ role: "assistant", content: chosen }],
  rejected: [{ role: "assistant", content: rejected }],
  score_chosen: chosenScore ?? null,
  score_rejected: rejectedScore ?? null
})

const withoutNull = (value: object) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null))

/** Runs `use` in an empty folder. */
const inFolder = <A, E>(use: (folder: string) => Effect.Effect<A, E, FileSystem.FileSystem | Path.Path>) =>
  withFile("out", use).pipe(Effect.provide(Path.layer))

const writeEmpty = (folder: string, split: string) =>
  exportDataset({ kind: "prompts", splits: { [split]: Stream.empty }, folder, card })

describe("exportDataset()", () => {
  it.effect("writes preferences as TRL reads them, in shards of whole row groups, with a card that finds them", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const rows = Array.from({ length: 5 }, (_, i) => row(i))
        const written = yield* exportDataset({
          kind: "preferences",
          splits: { train: batched(Comparison, rows, 3), test: batched(Comparison, rows.slice(0, 1), 3) },
          folder,
          card,
          formats: ["parquet", "jsonLines"],
          rowsPerGroup: 1,
          rowsPerShard: 2
        })
        assert.deepStrictEqual(written, {
          folder,
          splits: [
            { name: "train", rows: 5, shards: 3 },
            { name: "test", rows: 1, shards: 1 }
          ]
        })
        const { files } = yield* resolveFolder(folder)
        assert.deepStrictEqual(
          files.map(({ path, split }) => `${split} ${path.slice(folder.length + 1)}`),
          [0, 1, 2]
            .map((i) => `train data/train-0000${i}-of-00003.parquet`)
            .concat("test data/test-00000-of-00001.parquet")
        )
        const read = yield* Effect.forEach(files, ({ path }) => readParquet(path))
        assert.deepStrictEqual(read.flat(), [...rows, ...rows.slice(0, 1)].map(trlOf))
        const fs = yield* FileSystem.FileSystem
        const lines = (yield* fs.readFileString(`${folder}/json/train-00000-of-00003.jsonl`)).trimEnd().split("\n")
        assert.deepStrictEqual(
          lines.map((line) => JSON.parse(line)),
          rows.slice(0, 2).map((each) => withoutNull(trlOf(each)))
        )
      })
    )
  )

  it.effect("keeps the columns of our records where all are wanted", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        yield* exportDataset({
          kind: "preferences",
          splits: { train: batched(Comparison, [row(3)], 1) },
          folder,
          card,
          columns: "all"
        })
        const [read] = yield* readParquet(`${folder}/data/train-00000-of-00001.parquet`)
        const kept = {
          promptId: "p3",
          margin: 3,
          fromReference: null,
          dataset: "d",
          source: null,
          annotator: null,
          contradicted: null
        }
        assert.deepStrictEqual(read, { ...trlOf(row(3)), ...kept })
      })
    )
  )

  it.effect("writes demonstrations as messages and prompts as prompts; a split without rows has one file", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const prompt: Prompt = { promptId: "1", messages: [{ role: "user", content: "a" }] }
        const said = { ...prompt, response: "b" }
        const [sft, rl] = [`${folder}/sft`, `${folder}/rl`]
        yield* exportDataset({
          kind: "demonstrations",
          splits: { train: batched(Demonstration, [said], 1) },
          folder: sft,
          card
        })
        yield* exportDataset({
          kind: "prompts",
          splits: { train: batched(Prompt, [prompt], 1), test: Stream.empty },
          folder: rl,
          card
        })
        const messages = [...prompt.messages, { role: "assistant", content: "b" }]
        assert.deepStrictEqual(yield* readParquet(`${sft}/data/train-00000-of-00001.parquet`), [{ messages }])
        assert.deepStrictEqual(yield* readParquet(`${rl}/data/train-00000-of-00001.parquet`), [
          { prompt: prompt.messages }
        ])
        assert.deepStrictEqual(yield* readParquet(`${rl}/data/test-00000-of-00001.parquet`), [])
      })
    )
  )

  it.effect("leaves nothing under the name of the folder when a stream fails", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const train = Stream.concat(batched(Comparison, [row(0)], 1), Stream.fail("broken" as const))
        const error = yield* Effect.flip(
          exportDataset({ kind: "preferences", splits: { train }, folder, card, rowsPerGroup: 1 })
        )
        assert.strictEqual(error, "broken")
        const fs = yield* FileSystem.FileSystem
        assert.deepStrictEqual([yield* fs.exists(folder), yield* fs.exists(`${folder}.tmp`)], [false, false])
      })
    )
  )

  it.effect("refuses a folder with files in it, and a split that others would not read", () =>
    inFolder((folder) =>
      Effect.gen(function* () {
        const unnamed = yield* Effect.flip(writeEmpty(folder, "a-b"))
        assert.match(unnamed.message, /found split "a-b", wanted a name of letters, digits and "_"/)
        yield* writeEmpty(folder, "train")
        assert.match(
          (yield* Effect.flip(writeEmpty(folder, "train"))).message,
          /found 2 files in it, wanted a folder that is empty/
        )
      })
    )
  )
})

const whole = `---
pretty_name: Mine
license: mit
language:
  - en
task_categories:
  - text-generation
size_categories:
  - 1K<n<10K
source_datasets:
  - a/b
tags:
  - dpo
configs:
  - config_name: default
    data_files:
      - split: train
        path: data/train-*
---

# Mine

Small.

## Rows

| split | rows | files |
| --- | --- | --- |
| train | 1000 | 2 |

Parquet under \`data\`. Columns: \`prompt\`.

## Made of

| source | id | revision | licence | rows |
| --- | --- | --- | --- | --- |
| A \\| B | a/b | abc | mit | 9 |

## Rows left out

| rule | rows |
| --- | --- |
| ties | 2 |

## Statistics

| split | mean |
| --- | --- |
| train | 1.5 |

## How to load

\`\`\`python
from datasets import load_dataset
from trl import DPOTrainer

rows = load_dataset("path/to/this/folder", split="train")
trainer = DPOTrainer(model="path/to/model", train_dataset=rows)
\`\`\`

## Licence

\`mit\`. Sources keep the licences named above.
`

describe("renderCard()", () => {
  it("writes what the hub reads and what people read", () => {
    const splits = [{ name: "train", rows: 1000, shards: 2 }]
    const content = { splits, columns: ["prompt"], tags: ["dpo"], trainer: "DPOTrainer", jsonLines: false }
    assert.strictEqual(renderCard(card, content), whole)
  })
})
