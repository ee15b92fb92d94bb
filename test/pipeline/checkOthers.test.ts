import { assert, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Path, Stream } from "effect"
import { readFile } from "node:fs/promises"
import { foundTexts, openData, writeData } from "../../src/pipeline/data/mod.ts"
import { fakeHub, id, sha } from "../hub/fakeHub.ts"
import { checkText, messageOf, smallPipeline, temporaryFile, withFiles } from "./small.ts"

const card = { title: "garden", licence: "unknown", languages: [], sources: [] }

/** The first rows of a file of the garden, written in another form. */
const rewrite = Effect.fnUntraced(function* (name: string, ending: string) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const out = join(yield* fs.makeTempDirectoryScoped(), `${name}${ending}`)
  const { kind, rows } = yield* openData({ source: { path: `fixtures/garden/${name}.jsonl`, limit: 8 } })
  yield* writeData({ kind, out, card })(rows)
  return out
})

/** The small pipeline with other prompts. */
const from = (path: string) => checkText(smallPipeline.replace("fixtures/garden/prompts.jsonl", path))

const places = Int32Array.from([2, 0])

it.effect("checkInputs() reads the same rows from Parquet and Arrow as from JSON lines", () =>
  Effect.gen(function* () {
    const moved = smallPipeline
      .replace("fixtures/garden/prompts.jsonl", yield* rewrite("prompts", ".parquet"))
      .replace("fixtures/garden/demonstrations.jsonl", yield* rewrite("demonstrations", ".arrow"))
      .replace("fixtures/garden/preferences.jsonl", yield* rewrite("preferences", ".parquet"))
    const [lines, others] = [yield* checkText(smallPipeline), yield* checkText(moved)]
    assert.strictEqual(others.demonstrations.hash, lines.demonstrations.hash)
    const offline = ({ offline: { rows } }: typeof lines) => Stream.runCollect(rows)
    assert.deepStrictEqual(yield* offline(others), yield* offline(lines))
    assert.deepStrictEqual([others.prompts.length, others.prompts.hash], [8, lines.prompts.hash])
    const spool = `${yield* rewrite("prompts", ".jsonl")}.tmp`
    const pick = ({ prompts }: typeof lines) => Stream.runCollect(prompts.pick(places, spool))
    assert.deepStrictEqual(yield* pick(others), yield* pick(lines))
  }).pipe(withFiles)
)

it.effect("checkInputs() gives file and row of what is wrong in a JSON document", () =>
  Effect.gen(function* () {
    const row = { promptId: "p", messages: [{ role: "user", content: "list oak" }] }
    const twice = yield* temporaryFile("twice.json", JSON.stringify([row, row]))
    const wrong = yield* temporaryFile("wrong.json", JSON.stringify([row, { promptId: "q" }]))
    assert.include(yield* messageOf(from(twice)), `"${twice}": row 1 repeats promptId "p" of row 0`)
    assert.include(yield* messageOf(from(wrong)), `"${wrong}": row 1 is not a row of format "records": messages`)
  }).pipe(withFiles)
)

it.effect("checkInputs() reads a data set of the paper by the layout of its name", () =>
  Effect.gen(function* () {
    const source = "{ path: fixtures/dataset/shp.jsonl, dataset: shp }"
    const text = smallPipeline.replace("{ path: fixtures/garden/preferences.jsonl, limit: 8 }", source)
    const { offline } = yield* checkText(text)
    const pairs = yield* Stream.runCollect(offline.rows)
    assert.deepStrictEqual(
      pairs.map(({ chosen, promptId }) => [promptId, chosen]),
      [
        ["p1#a>b", "Six minutes"],
        ["p1#b>c", "Ask Google"]
      ]
    )
  }).pipe(withFiles)
)

it.effect("checkInputs() takes rows without a told shape, and says what it found", () =>
  Effect.gen(function* () {
    const csv = yield* temporaryFile("asked.csv", "prompt\nlist oak\nlist fir\n")
    const { prompts, sources } = yield* from(csv)
    assert.strictEqual(prompts.length, 2)
    assert.include(foundTexts(sources), { prompts: `"${csv}": prompts, format "trlPrompt", found in the first rows` })
  }).pipe(withFiles)
)

/** What is said of the small pipeline with other keys of its prompts. */
const wrong = (source: string) =>
  messageOf(checkText(smallPipeline.replace("path: fixtures/garden/prompts.jsonl", source)))

it.effect("checkInputs() refuses names that nothing has, with the nearest, and sources that lie nowhere", () =>
  Effect.gen(function* () {
    assert.include(yield* wrong("path: ultraFeedbak"), 'no data set of the table: did you mean "ultraFeedback"')
    assert.include(yield* wrong("dataset: shpp"), '10:12 prompts.dataset: unknown value "shpp", did you mean "shp"?')
    assert.include(yield* wrong("format: alpacca, path: x.csv"), 'did you mean "alpaca"?')
    assert.include(yield* wrong("split: train"), "10:1 prompts: has neither dataset nor path")
    assert.include(yield* wrong("path: x.csv, revision: v1"), "10:25 prompts.revision: is of the hub")
    assert.include(
      yield* wrong("dataset: shp, format: alpaca"),
      '10:26 prompts.format: is told by data set "shp" already'
    )
  }).pipe(withFiles)
)

it.effect("checkInputs() reads a data set of the hub by the layout of a name, and the commit is in the lineage", () =>
  Effect.gen(function* () {
    const hub = yield* fakeHub({
      "train.jsonl": yield* Effect.promise(() => readFile("fixtures/dataset/shp.jsonl", "utf8"))
    })
    const cache = yield* Effect.flatMap(FileSystem.FileSystem, (fs) => fs.makeTempDirectoryScoped())
    const text = smallPipeline.replace(
      "{ path: fixtures/garden/preferences.jsonl, limit: 8 }",
      `{ path: "hf:${id}", dataset: shp }`
    )
    const { sources } = yield* checkText(text).pipe(
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache })))
    )
    const offline = sources.find(({ key }) => key === "baseline.offlineDpo.data")
    assert.deepInclude(offline?.lineage, { id, sha, revision: "main", dataset: "shp" })
    assert.include(foundTexts(sources)["baseline.offlineDpo.data"], `revision "main" (${sha})`)
  }).pipe(withFiles)
)
