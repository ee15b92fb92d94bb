import { gzipSync } from "node:zlib"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { type DatasetOptions, formats, indexPrompts, pickRows } from "../../src/dataset/mod.ts"

const withFile = Effect.provide(NodeFileSystem.layer)

const written = Effect.fnUntraced(function* (name: string, bytes: Uint8Array) {
  const files = yield* FileSystem.FileSystem
  const path = `${yield* files.makeTempDirectoryScoped()}/${name}`
  yield* files.writeFile(path, bytes)
  const options: DatasetOptions<"prompts"> = { formats, kind: "prompts", source: { path, format: "text" } }
  return options
})

const row = (id: string) => ({ promptId: id, messages: [{ role: "user", content: "x" }] })

const textOf = (said: ReadonlyArray<string>, lineBreak: string) =>
  Buffer.from(said.map((text) => (text === "" ? lineBreak : JSON.stringify(text) + lineBreak)).join(""))

const contentAndLine = Effect.fnUntraced(function* (
  options: DatasetOptions<"prompts">,
  index: Effect.Success<ReturnType<typeof indexPrompts>>,
  places: ReadonlyArray<number>
) {
  const rows = yield* Stream.runCollect(pickRows(options, index, Int32Array.from(places)))
  return rows.map(({ line, record }) => [line.number, record.messages[0]?.content])
})

describe("pickRows()", () => {
  it.effect.prop(
    "gives the rows at the places asked for, in that order, of a plain and of a packed file",
    {
      said: Schema.Array(Schema.Literals(["", "a", "bé", "three words here"])),
      lineBreak: Schema.Literals(["\n", "\r\n"])
    },
    ({ said, lineBreak }) =>
      Effect.gen(function* () {
        const rows = said.flatMap((text, i) => (text === "" ? [] : [[i + 1, text]]))
        if (rows.length === 0) return
        const places = rows.map((_, i) => rows.length - 1 - i)
        for (const name of ["said.jsonl", "said.jsonl.gz"]) {
          const bytes = textOf(said, lineBreak)
          const options = yield* written(name, name.endsWith(".gz") ? gzipSync(bytes) : bytes)
          const index = yield* indexPrompts(options)
          assert.deepStrictEqual(yield* contentAndLine(options, index, places), rows.toReversed())
          assert.deepStrictEqual(yield* contentAndLine(options, index, [0, 0]), [
            ...rows.slice(0, 1),
            ...rows.slice(0, 1)
          ])
        }
      }).pipe(Effect.scoped, withFile),
    { arbitrary: { runs: 30, seed: 1 } }
  )

  it.effect("says so when the file has become shorter since it was indexed", () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const options = yield* written("said.jsonl", textOf(["one", "two"], "\n"))
      const index = yield* indexPrompts(options)
      yield* files.writeFileString(options.source.path, '"on')
      const error = yield* Effect.flip(contentAndLine(options, index, [1]))
      assert.include(error.message, "found a file that changed while it was in use")
    }).pipe(Effect.scoped, withFile)
  )
})

describe("indexPrompts()", () => {
  it.effect("leaves out what is not kept", () =>
    Effect.gen(function* () {
      const options = yield* written("said.jsonl", textOf(["a", "b", "c"], "\n"))
      const index = yield* indexPrompts(options, ({ messages }) => messages[0]?.content !== "b")
      assert.deepStrictEqual([...index.lines], [1, 3])
    }).pipe(Effect.scoped, withFile)
  )

  it.effect("finds the first id that comes again, also among rows that are left out", () =>
    Effect.gen(function* () {
      const ids = [...Array.from({ length: 3000 }, (_, i) => `p${i}`), "p7", "p7", "p2"]
      const text = ids.map((id) => `${JSON.stringify(row(id))}\n`).join("")
      const made = yield* written("rows.jsonl", Buffer.from(text))
      const options = { ...made, source: { ...made.source, format: "records" } }
      const error = yield* Effect.flip(indexPrompts(options, () => false))
      assert.include(error.message, 'line 3001 repeats promptId "p7" of line 8, wanted each promptId once')
    }).pipe(Effect.scoped, withFile)
  )
})
