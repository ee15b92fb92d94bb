import { assert, describe, it } from "@effect/vitest"
import { RecordBatchReader, tableFromIPC } from "apache-arrow"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Scored } from "../../schemas/mod.ts"
import {
  ArrowError,
  type Batch,
  fromRows,
  readArrow,
  readArrowMetadata,
  type RecordSchema,
  writeArrow
} from "../../src/arrow/mod.ts"
import { wellFormed, withFile } from "./temporary.ts"

/** One of everything that has a column; integers without −0, which 64-bit integers do not have. */
const Everything = Schema.Struct({
  text: Schema.String,
  integer: Schema.Int.check(Schema.makeFilter((n) => !Object.is(n, -0))),
  number: Schema.Finite,
  flag: Schema.Boolean,
  choice: Schema.Literals(["a", "b"]),
  branded: Schema.Finite.pipe(Schema.brand("Branded")),
  optional: Schema.optionalKey(Schema.Finite),
  nullable: Schema.NullOr(Schema.Boolean),
  list: Schema.Array(Schema.NullOr(Schema.String)),
  nested: Schema.Array(
    Schema.Struct({ name: Schema.String, inner: Schema.Array(Schema.Array(Schema.Finite)), flag: Schema.Boolean })
  ),
  struct: Schema.Struct({ deep: Schema.optionalKey(Schema.Struct({ text: Schema.NullOr(Schema.String) })) })
})

/** Text of rows in which 64-bit integers may be bigints, and an absent value null. */
const asText = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? Number(part) : (part ?? undefined)))

const batched = <A>(schema: RecordSchema<A>, rows: ReadonlyArray<A>, size: number): Stream.Stream<Batch<A>> =>
  Stream.fromIterable(rows).pipe(
    Stream.grouped(size),
    Stream.map((group) => fromRows(schema, group))
  )

const rowsOf = <A, E, R>(batches: Stream.Stream<Batch<A>, E, R>) =>
  Effect.map(Stream.runCollect(batches), (all) => all.flatMap((batch) => batch.rows))

const scored: Scored = {
  promptId: "p1",
  messages: [{ role: "user", content: "é😀" }],
  responses: [
    { text: "", ids: [2], tokens: 1, finish: "stop", temperature: 0.7, sample: 0 },
    { text: "", tokens: 1, finish: "length", temperature: 0.7, sample: 1 }
  ],
  rewards: [-0.5, 0]
}

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    error instanceof ArrowError ? { tag: error.reason._tag, message: error.message } : { tag: "other", message: "" }
  )

describe("an Arrow file", () => {
  it.effect.prop(
    "gives back the rows that were written, whatever the batches",
    { rows: Schema.Array(Everything), size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 4 })) },
    ({ rows: any, size }) =>
      withFile("rows.arrow", (path) =>
        Effect.gen(function* () {
          const rows = wellFormed(any)
          const written = yield* batched(Everything, rows, size).pipe(writeArrow(path, Everything))
          assert.deepStrictEqual(written, { rows: rows.length, batches: Math.ceil(rows.length / size) })
          assert.deepStrictEqual(yield* rowsOf(readArrow(path, Everything)), rows)
        })
      ),
    { arbitrary: { runs: 40, seed: 1 } }
  )

  it.effect.prop(
    "says the same to Arrow's own reader",
    { rows: Schema.Array(Scored) },
    ({ rows: any }) =>
      withFile("rows.arrow", (path) =>
        Effect.gen(function* () {
          const rows = wellFormed(any)
          yield* batched(Scored, rows, 2).pipe(writeArrow(path, Scored))
          const bytes = yield* (yield* FileSystem.FileSystem).readFile(path)
          const theirs = tableFromIPC(bytes).toArray() as ReadonlyArray<unknown> // Arrow's rows are proxies
          assert.deepStrictEqual(JSON.parse(asText(theirs)), JSON.parse(asText(rows)))
        })
      ),
    { arbitrary: { runs: 20, seed: 2 } }
  )

  it.effect("is a stream after its first eight bytes, for readers that go from front to back", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        yield* batched(Scored, [scored, scored, scored], 2).pipe(writeArrow(path, Scored))
        const bytes = yield* (yield* FileSystem.FileSystem).readFile(path)
        const reader = RecordBatchReader.from(bytes.subarray(8))
        assert.deepStrictEqual(
          [...reader].map((batch) => batch.numRows),
          [2, 1]
        )
      })
    )
  )

  it.effect("keeps its metadata, and may have no rows", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        yield* Stream.empty.pipe(writeArrow(path, Scored, { seed: "0", é: "" }))
        assert.deepStrictEqual(yield* readArrowMetadata(path), { seed: "0", é: "" })
        assert.deepStrictEqual(yield* rowsOf(readArrow(path, Scored)), [])
      })
    )
  )

  it.effect("gives one column without the others, and columns by name in any order", () =>
    withFile("rows.arrow", (path) =>
      Effect.gen(function* () {
        const Few = Schema.Struct({ rewards: Schema.Array(Schema.Finite), promptId: Schema.String })
        yield* batched(Scored, [scored, scored], 2).pipe(writeArrow(path, Scored))
        const batches = yield* Stream.runCollect(readArrow(path, Few, { rows: "trusted" }))
        assert.deepStrictEqual(
          batches.map((batch) => [batch.column("rewards"), batch.rows[0]]),
          [[[scored.rewards, scored.rewards], { rewards: scored.rewards, promptId: "p1" }]]
        )
      })
    )
  )

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
