import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Scored } from "../../schemas/mod.ts"
import { readArrow, writeArrow } from "../../src/arrow/mod.ts"
import { batched, reasonOf, rowsOf, scored } from "./rows.ts"
import { withFile } from "./temporary.ts"

describe("an Arrow file that does not fit", () => {
  it.effect("is read batch by batch: a bad row hurts who gets to it", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const Loose = Schema.Struct({ name: Schema.String })
        const Strict = Schema.Struct({ name: Schema.NonEmptyString })
        yield* batched(Loose, [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "" }], 2).pipe(
          writeArrow(path, Loose)
        )
        assert.deepStrictEqual(yield* rowsOf(Stream.take(readArrow(path, Strict), 1)), [{ name: "a" }, { name: "b" }])
        assert.deepStrictEqual(yield* reasonOf(rowsOf(readArrow(path, Strict))), {
          tag: "RowInvalid",
          message: `Cannot read "${path}": row 3, field "name": found "", wanted a value with a length of at least 1`
        })
      })
    )
  )

  it.effect(
    "gives as many rows as were written or a tagged error when a byte of it is damaged, and never a defect",
    () =>
      withFile("rows.arrow", (path) =>
        Effect.gen(function* () {
          const fileSystem = yield* FileSystem.FileSystem
          yield* batched(Scored, [scored, scored, scored], 2).pipe(writeArrow(path, Scored))
          const bytes = yield* fileSystem.readFile(path)
          const wrong: Array<string> = []
          for (let place = 0; place < bytes.length; place += 5) {
            const damaged = bytes.slice()
            damaged[place] = 255 - (bytes[place] ?? 0)
            yield* fileSystem.writeFile(path, damaged)
            yield* rowsOf(readArrow(path, Scored)).pipe(
              Effect.match({
                onSuccess: ({ length }) => length === 3,
                onFailure: (error) => error._tag === "ArrowError"
              }),
              Effect.catchDefect(() => Effect.succeed(false)),
              Effect.map((isFine) => isFine || wrong.push(`byte ${place}`))
            )
          }
          assert.deepStrictEqual(wrong, [])
        })
      )
  )

  it.effect("is refused at every length that is too short", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        yield* batched(Scored, [scored], 1).pipe(writeArrow(path, Scored))
        const bytes = yield* fileSystem.readFile(path)
        const tags = new Set<string>()
        for (let length = 0; length < bytes.length; length += 7) {
          yield* fileSystem.writeFile(path, bytes.subarray(0, length))
          tags.add((yield* reasonOf(rowsOf(readArrow(path, Scored)))).tag)
        }
        assert.deepStrictEqual([...tags], ["FileTruncated"])
      })
    )
  )

  it.effect("is refused when it is absent, of another kind, or has other columns", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        const read = reasonOf(rowsOf(readArrow(path, Scored)))
        const missing = yield* read
        yield* fileSystem.writeFileString(path, '{"promptId": "p1"}\n')
        const other = yield* read
        const Renamed = Schema.Struct({ id: Schema.String })
        yield* batched(Renamed, [{ id: "p1" }], 1).pipe(writeArrow(path, Renamed))
        const absent = yield* read
        const Retyped = Schema.Struct({ promptId: Schema.Int })
        yield* batched(Retyped, [{ promptId: 1 }], 1).pipe(writeArrow(path, Retyped))
        const retyped = yield* read
        const cannot = `Cannot read "${path}": `
        assert.deepStrictEqual(
          [missing, other, absent, retyped],
          [
            { tag: "FileMissing", message: `${cannot}found no such file, wanted a file that exists` },
            { tag: "NotArrow", message: `${cannot}found a file that begins with "{\\"prom", wanted "ARROW1"` },
            { tag: "SchemaDiffers", message: `${cannot}column "promptId": found columns id, wanted Utf8` },
            { tag: "SchemaDiffers", message: `${cannot}column "promptId": found Int64, wanted Utf8` }
          ]
        )
      })
    )
  )

  it.effect("refuses a row that does not fit its schema, before anything is written under its name", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const bad = { ...scored, rewards: [Number.NaN] }
        const write = batched(Scored, [scored, bad], 1).pipe(writeArrow(path, Scored))
        assert.deepStrictEqual(yield* reasonOf(write), {
          tag: "RowInvalid",
          message: `Cannot write "${path}": row 1, field "rewards[0]": found NaN, wanted a finite number`
        })
      })
    )
  )
})

describe("writeArrow()", () => {
  it.effect("leaves the file of before, and nothing else, when the stream fails", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const fileSystem = yield* FileSystem.FileSystem
        yield* fileSystem.writeFileString(path, "before")
        const failing = Stream.concat(batched(Scored, [scored], 1), Stream.fail("boom"))
        assert.strictEqual(yield* Effect.flip(failing.pipe(writeArrow(path, Scored))), "boom")
        assert.deepStrictEqual(
          [yield* fileSystem.readFileString(path), yield* fileSystem.readDirectory(path.replace(/\/[^/]*$/, ""))],
          ["before", ["rows.arrow"]]
        )
      })
    )
  )

  it.effect("says when there is no such folder", () =>
    withFile("nowhere/rows.arrow", (path) =>
      Effect.gen(function* () {
        assert.strictEqual((yield* reasonOf(Stream.empty.pipe(writeArrow(path, Scored)))).tag, "FileMissing")
      })
    )
  )
})
