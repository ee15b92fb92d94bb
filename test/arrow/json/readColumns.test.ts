import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Result, Schema, Stream } from "effect"
import { Preference } from "../../../schemas/mod.ts"
import { type RecordSchema, readArrow, readJsonLines, schemaOf } from "../../../src/arrow/mod.ts"
import { readColumns, writeColumns } from "../../../src/arrow/json/mod.ts"
import { RowScanner } from "../../../src/arrow/json/RowScanner.ts"
import { Scanner } from "../../../src/arrow/json/Scanner.ts"
import { writerOf } from "../../../src/arrow/json/writerOf.ts"
import { withFile, wellFormed } from "../temporary.ts"

/** A field of each kind, with checks that are known by column and checks that are asked. */
const Wide = Schema.Struct({
  name: Schema.NonEmptyString,
  kind: Schema.Literals(["a", "é", "long kind"]),
  note: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(2))),
  count: Schema.Int,
  score: Schema.NullOr(Schema.Finite),
  flag: Schema.Boolean,
  turns: Schema.Array(Schema.Struct({ role: Schema.String, weight: Schema.optionalKey(Schema.Natural) })).check(
    Schema.isMinLength(1)
  ),
  numbers: Schema.Array(Schema.NullOr(Schema.Number))
})
const good = `{"name":"n","kind":"a","count":1,"score":null,"flag":true,"turns":[{"role":"r"}],"numbers":[]}`

/** Columns hold no lone surrogates; integers have no −0. */
const asColumns = (value: unknown): unknown => JSON.parse(JSON.stringify(wellFormed(value)))

const told = <A, E, R>(batches: Stream.Stream<{ readonly rows: ReadonlyArray<A> }, E, R>) =>
  Effect.map(Effect.result(Stream.runCollect(batches)), (result) =>
    Result.isSuccess(result)
      ? { rows: asColumns(result.success.flatMap(({ rows }) => rows)) }
      : { error: String(result.failure) }
  )

/** What both readers say of the same bytes. */
const both = <A>(content: Uint8Array, schema: RecordSchema<A>) =>
  withFile("rows.jsonl", (path) =>
    Effect.gen(function* () {
      yield* (yield* FileSystem.FileSystem).writeFile(path, content)
      return {
        rows: yield* told(readJsonLines(path, schema)),
        columns: yield* told(readColumns(path, schema, { batchSize: 2 }))
      }
    })
  )

const change = (from: string, to: string) => good.replace(from, to)

/** Lines beside the common way, right and wrong. */
const oddLines: ReadonlyArray<string | Uint8Array> = [
  good,
  ` \t`,
  ` ${good} \r`,
  `\uFEFF${good}`,
  good.replaceAll(":", " :\t").replaceAll(",", " , "),
  good.replaceAll(":", ": ").replaceAll(",", ", "),
  change('"n"', String.raw`"\"\\\/\b\f\n\r\t é😀\u00e9\u20ac\ud83d\ude00"`),
  change('"n"', String.raw`"\ud83d"`),
  change('"n"', String.raw`"\ude00\ud83dx\ud83d\u0041"`),
  change('"n"', String.raw`"\u00"`),
  change('"n"', String.raw`"\x"`),
  change('"n"', '"a\tb"'),
  change('"n"', '"\u0000"'),
  change('"n"', '""'),
  change('"n"', `"${"long text ".repeat(20)}"`),
  change('"n"', '"n'),
  change('"kind":"a"', '"kind":"é"'),
  change('"kind":"a"', String.raw`"kind":"\u00e9"`),
  change('"kind":"a"', '"kind":"b"'),
  change('"kind"', String.raw`"k\u0069nd"`),
  change('"kind":"a"', '"kind":"a","kind":"long kind"'),
  change('"kind":"a"', '"kind":"b","kind":"a"'),
  change('"kind":"a"', '"kind":"a","unknown":{"a":[1,-0.5e+3,"x\\n",{"b":null}],"c":true,"d":false,"e":{},"f":[]}'),
  change('"kind":"a"', '"kind":"a","unknown":[1,]'),
  change('"kind":"a"', '"kind":"a","unknown":01'),
  change('"kind":"a"', `"kind":"a","deep":${"[".repeat(99)}${"]".repeat(99)}`),
  change('"kind":"a"', '"kind":"a","note":"😀"'),
  change('"kind":"a"', '"kind":"a","note":"abc"'),
  change('"kind":"a"', '"kind":"a","note":null'),
  ...[
    "-0",
    "1.0",
    "1e2",
    "-9007199254740991",
    "9007199254740992",
    "1.5",
    "01",
    "-",
    "1.",
    ".5",
    "1e",
    "null",
    '"1"'
  ].map((n) => change('"count":1', `"count":${n}`)),
  ...[
    "0.1",
    "0.12345678901234",
    "-12345678901234.5",
    "-0",
    "123456789012345678",
    "1e22",
    "1.7976931348623157e308",
    "1e999",
    "5e-324",
    "0.30000000000000004"
  ].map((n) => change('"score":null', `"score":${n}`)),
  change('"flag":true', '"flag":false'),
  change('"flag":true', '"flag":tru'),
  change('"flag":true', '"flag":null'),
  change('[{"role":"r"}]', "[]"),
  change('[{"role":"r"}]', '[{"role":"r","weight":2},{"weight":1,"role":""}]'),
  change('[{"role":"r"}]', '[{"weight":2}]'),
  change('[{"role":"r"}]', '[{"role":"r","weight":-1}]'),
  change('[{"role":"r"}]', "[null]"),
  change('"numbers":[]', '"numbers":[1,null,2.5]'),
  change('"numbers":[]', '"numbers":[1e999,null]'),
  change('"numbers":[]', `"numbers":[${Array.from({ length: 20_000 }, (_, i) => i / 4).join(",")}]`),
  change('"numbers":[]', '"numbers":[true]'),
  change('"numbers":[]', '"numbers":[1 2]'),
  change(',"numbers":[]', ""),
  `${good}x`,
  `${good},`,
  "{}",
  "[]",
  "null",
  "{",
  Buffer.concat([Buffer.from(change('"n"}', "")), Uint8Array.of(0xff)]),
  Buffer.concat([Buffer.from('{"name":"'), Uint8Array.of(0xed, 0xa0, 0x80), Buffer.from(good.slice(9))])
]

const refuse = () => assert.fail("a line was decoded")

describe("readColumns()", () => {
  it("reads the schemas of these tests by column", () => {
    assert.deepStrictEqual(
      [Wide, Preference].map((schema) => typeof writerOf(schema)),
      ["function", "function"]
    )
  })

  it("decodes no common line row by row", () => {
    const maker = writerOf(Wide)
    assert.isDefined(maker)
    const scanner = new Scanner({ capacity: 4096, texts: 4 })
    const schema = schemaOf(Wide)
    const options = { scanner, root: maker(scanner), schema, decode: refuse, batchSize: 2, batchBytes: 4096 }
    const spaced = good.replaceAll(":", ": ").replace('"n"', String.raw`"\n\u00e9"`)
    const reader = new RowScanner(options)
    const batches = [...reader.read([Buffer.from(`${good}\n${spaced}\n${good}\n`)]), ...reader.end()]
    assert.deepStrictEqual(
      batches.map((batch) => Result.getOrThrow(batch).numRows),
      [2, 1]
    )
  })

  it.effect.each(oddLines.map((line, i) => ({ line, i })))("agrees with readJsonLines() on line %#", ({ line }) =>
    Effect.gen(function* () {
      const lines = [good, line, good].map((each) => Buffer.concat([Buffer.from(each), Buffer.from("\n")]))
      const { rows, columns } = yield* both(Buffer.concat(lines), Wide)
      assert.deepStrictEqual(columns, rows)
    })
  )

  it.effect.prop(
    "agrees with readJsonLines() on any rows, and on rows in which a byte is another",
    {
      rows: Schema.Array(Wide),
      at: Schema.Natural,
      byte: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 255 }))
    },
    ({ rows, at, byte }) =>
      Effect.gen(function* () {
        const content = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
        const right = yield* both(content, Wide)
        assert.deepStrictEqual(right.columns, right.rows)
        if (content.length > 0) content[at % content.length] = byte
        const wrong = yield* both(content, Wide)
        assert.deepStrictEqual(wrong.columns, wrong.rows)
      }),
    { arbitrary: { runs: 12, seed: 5 } }
  )

  it.effect("reads lines longer than its memory, and lines that end where a chunk ends", () =>
    Effect.gen(function* () {
      const long = change('"n"', `"${"x".repeat(5_000_000)}"`)
      const padded = change('"n"', `"${"y".repeat((1 << 20) - good.length - 1)}\\n"`)
      const { rows, columns } = yield* both(Buffer.from([padded, good, long, good, long].join("\n")), Wide)
      assert.deepStrictEqual(columns, rows)
    })
  )

  it.effect("decodes row by row what has another form in JSON", () =>
    Effect.gen(function* () {
      const Renamed = Schema.Struct({ a: Schema.Finite }).pipe(Schema.encodeKeys({ a: "b" }))
      assert.strictEqual(writerOf(Renamed), undefined)
      const { columns } = yield* both(Buffer.from('{"b":1}\n{"b":2}\n{"b":3}'), Renamed)
      assert.deepStrictEqual(columns, { rows: [{ a: 1 }, { a: 2 }, { a: 3 }] })
    })
  )

  it.effect("ends a batch at `batchSize` rows, and gives the batches before an error", () =>
    withFile("rows.jsonl", (path) =>
      Effect.gen(function* () {
        yield* (yield* FileSystem.FileSystem).writeFileString(path, `${good}\n${good}\n${good}\n{}\n`)
        const lengths: Array<number> = []
        const read = readColumns(path, Wide, { batchSize: 2 })
        const error = yield* Effect.flip(
          Stream.runForEach(read, ({ length }) => Effect.sync(() => lengths.push(length)))
        )
        assert.deepStrictEqual(lengths, [2])
        assert.include(error.message, 'line 4, field "name": found nothing')
      })
    )
  )
})

describe("writeColumns()", () => {
  it.effect.prop(
    "is read by readArrow() with the same rows",
    { rows: Schema.Array(Wide) },
    ({ rows }) =>
      withFile("rows.jsonl", (path) =>
        Effect.gen(function* () {
          const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("")
          yield* (yield* FileSystem.FileSystem).writeFileString(path, text)
          const written = yield* readColumns(path, Wide, { batchSize: 2 }).pipe(writeColumns(`${path}.arrow`, Wide))
          assert.deepStrictEqual(written, { rows: rows.length, batches: Math.ceil(rows.length / 2) })
          const back = yield* Stream.runCollect(readArrow(`${path}.arrow`, Wide))
          assert.deepStrictEqual(asColumns(back.flatMap((batch) => batch.rows)), asColumns(rows))
        })
      ),
    { arbitrary: { runs: 8, seed: 6 } }
  )
})
