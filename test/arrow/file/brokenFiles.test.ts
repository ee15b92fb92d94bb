import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer, PlatformError, Schema, Stream } from "effect"
import {
  type ArrowError,
  type Batch,
  fromRows,
  readRecords,
  readRows,
  writeArrow,
  writeJsonLines
} from "../../../src/arrow/mod.ts"
import { reasonOf } from "../rows.ts"
import { withFile } from "../temporary.ts"
import { brokenFiles } from "./brokenFiles.ts"

/** What the issue of a data plane asks for. */
const leastFiles = 60

const written = (path: string, bytes: string | Uint8Array) =>
  Effect.flatMap(FileSystem.FileSystem, (fileSystem) =>
    fileSystem.writeFile(path, typeof bytes === "string" ? Buffer.from(bytes) : bytes)
  )

const messageOf = (path: string, options = {}) =>
  Effect.map(reasonOf(Stream.runDrain(readRows(path, options))), ({ message }) => message)

describe("readRows() names file, place, what was found and what was wanted of", () => {
  it("enough files, each called once", () => {
    assert.isAtLeast(brokenFiles.length, leastFiles)
    assert.strictEqual(new Set(brokenFiles.map(({ what }) => what)).size, brokenFiles.length)
  })

  for (const { what, name, bytes, message, options } of brokenFiles) {
    it.effect(what, () =>
      withFile(name, (path) =>
        Effect.gen(function* () {
          yield* written(path, bytes)
          assert.strictEqual(yield* messageOf(path, options), `Cannot read "${path}": ${message}`)
        })
      )
    )
  }

  it.effect("a folder, and a file that is not there", () =>
    withFile("rows.jsonl", (path) =>
      Effect.gen(function* () {
        const missing = yield* messageOf(path)
        yield* (yield* FileSystem.FileSystem).makeDirectory(path)
        assert.deepStrictEqual(
          [missing, yield* messageOf(path)],
          [
            `Cannot read "${path}": found no such file, wanted a file that exists`,
            `Cannot read "${path}": found a folder, wanted a file`
          ]
        )
      })
    )
  )

  it.effect("a file that may not be read", () => {
    const refused = PlatformError.systemError({
      _tag: "PermissionDenied",
      module: "FileSystem",
      method: "stat",
      pathOrDescriptor: "rows.jsonl"
    })
    const Locked = Layer.succeed(FileSystem.FileSystem, FileSystem.makeNoop({ stat: () => Effect.fail(refused) }))
    return Effect.gen(function* () {
      assert.strictEqual(
        yield* messageOf("rows.jsonl"),
        'Cannot read "rows.jsonl": PermissionDenied: FileSystem.stat (rows.jsonl)'
      )
    }).pipe(Effect.provide(Locked))
  })
})

describe("a writer", () => {
  const Row = Schema.Struct({ a: Schema.Int })
  type Rows = Stream.Stream<Batch<typeof Row.Type>, ArrowError, FileSystem.FileSystem>
  const writers = [
    { name: "copy.arrow", write: (path: string, rows: Rows) => rows.pipe(writeArrow(path, Row)) },
    { name: "copy.jsonl", write: (path: string, rows: Rows) => rows.pipe(writeJsonLines(path, Row)) }
  ]
  for (const { name, write } of writers) {
    it.effect(`leaves nothing at ${name} when the file it reads is broken`, () =>
      withFile("rows.jsonl", (path) =>
        Effect.gen(function* () {
          yield* written(path, '{"a":1}\n{"a":2}\n{"a":')
          const folder = path.slice(0, path.lastIndexOf("/"))
          const rows = Stream.map(readRows(path), ({ value }) => fromRows(Row, [value as typeof Row.Type])) // as: before its fault
          assert.strictEqual((yield* reasonOf(write(`${folder}/${name}`, rows))).tag, "JsonBroken")
          assert.deepStrictEqual(yield* (yield* FileSystem.FileSystem).readDirectory(folder), ["rows.jsonl"])
        })
      )
    )
  }
})

describe("readRecords()", () => {
  const Row = Schema.Struct({ score: Schema.Finite, messages: Schema.Array(Schema.Struct({ role: Schema.String })) })
  const first = '{"score":1,"messages":[{"role":"user"}]}\n'
  const cases = [
    ['{"score":"1","messages":[]}', 'line 2, field "score": found "1", wanted number'],
    ['{"score":1}', 'line 2, field "messages": found nothing, wanted array'],
    ['{"score":1,"messages":[{"role":null}]}', 'line 2, field "messages[0].role": found null, wanted string']
  ] as const
  for (const [text, message] of cases) {
    it.effect(`refuses ${text}`, () =>
      withFile("rows.jsonl", (path) =>
        Effect.gen(function* () {
          yield* written(path, `${first}${text}\n`)
          const { message: found } = yield* reasonOf(Stream.runDrain(readRecords(path, Row)))
          assert.strictEqual(found, `Cannot read "${path}": ${message}`)
        })
      )
    )
  }
})
