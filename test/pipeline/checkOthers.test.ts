import { assert, it } from "@effect/vitest"
import { Effect, FileSystem, Path, Stream } from "effect"
import { openData, writeData } from "../../src/pipeline/data/mod.ts"
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
    const pick = ({ prompts }: typeof lines) => Stream.runCollect(prompts.pick(places))
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
