import { gzipSync } from "node:zlib"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { indexPrompts, openData, pickPrompts } from "../../src/pipeline/data/mod.ts"

const withFiles = Effect.provide(NodeServices.layer)

const row = (id: string) => ({ promptId: id, messages: [{ role: "user", content: `say ${id}` }] })
const textOf = (ids: ReadonlyArray<string>) => ids.map((id) => `${JSON.stringify(row(id))}\n`).join("")

/** The prompts of a new file. */
const written = Effect.fnUntraced(function* (name: string, bytes: string | Uint8Array) {
  const files = yield* FileSystem.FileSystem
  const path = `${yield* files.makeTempDirectoryScoped()}/${name}`
  yield* files.writeFile(path, typeof bytes === "string" ? Buffer.from(bytes) : bytes)
  const { rows } = yield* openData({ source: { path }, kinds: ["prompts"] })
  return { path, rows }
})

type Opened = Effect.Success<ReturnType<typeof written>>

const pick = (
  { path, rows }: Opened,
  index: Effect.Success<ReturnType<typeof indexPrompts>>,
  places: ReadonlyArray<number>
) =>
  pickPrompts(rows, { path, index, places: Int32Array.from(places), spool: `${path}.tmp` }).pipe(
    Stream.map(({ messages }) => messages[0]?.content),
    Stream.runCollect
  )

describe("pickPrompts()", () => {
  it.effect.prop(
    "gives the prompts at the places asked for, in that order, of JSON, CSV and packed files, and leaves no file behind",
    { count: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 9 })), skip: Schema.Int },
    ({ count, skip }) =>
      Effect.gen(function* () {
        const ids = Array.from({ length: count }, (_, i) => `é${i}`)
        const left = ids.filter((_, i) => count === 1 || i !== Math.abs(skip % count))
        const places = [...left.keys(), 0].toReversed()
        const bytes = {
          "rows.json": JSON.stringify(ids.map(row)),
          "rows.csv": `prompt\n${ids.map((id) => `say ${id}`).join("\n")}\n`,
          "rows.jsonl.gz": gzipSync(textOf(ids))
        }
        for (const [name, text] of Object.entries(bytes)) {
          const opened = yield* written(name, text)
          const contents = left.map((id) => `say ${id}`)
          const index = yield* indexPrompts(opened.path, opened.rows, ({ messages }) =>
            contents.includes(messages[0]?.content ?? "")
          )
          assert.deepStrictEqual(
            yield* pick(opened, index, places),
            places.map((i) => contents[i])
          )
          const files = yield* FileSystem.FileSystem
          assert.isFalse(yield* files.exists(`${opened.path}.tmp`))
        }
      }).pipe(Effect.scoped, withFiles),
    { arbitrary: { runs: 10, seed: 1 } }
  )

  it.effect("says so when the file holds other or fewer prompts than it did", () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const opened = yield* written("rows.jsonl", textOf(["a", "b"]))
      const index = yield* indexPrompts(opened.path, opened.rows, () => true)
      for (const ids of [["a", "c"], ["a"]]) {
        yield* files.writeFileString(opened.path, textOf(ids))
        const error = yield* Effect.flip(pick(opened, index, [1, 0]))
        assert.include(error.message, "found other rows than at first")
      }
    }).pipe(Effect.scoped, withFiles)
  )
})

describe("indexPrompts()", () => {
  it.effect("finds the first id that comes again, also among rows that are left out", () =>
    Effect.gen(function* () {
      const ids = [...Array.from({ length: 3000 }, (_, i) => `p${i}`), "p7", "p7", "p2"]
      const { path, rows } = yield* written("rows.jsonl", textOf(ids))
      const error = yield* Effect.flip(indexPrompts(path, rows, () => false))
      assert.include(error.message, 'row 3000 repeats promptId "p7" of row 7, wanted each promptId once')
    }).pipe(Effect.scoped, withFiles)
  )
})
