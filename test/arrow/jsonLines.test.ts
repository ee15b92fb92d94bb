import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Preference, Prompt } from "../../schemas/mod.ts"
import { fromRows, readJsonLines, type RecordSchema, writeJsonLines } from "../../src/arrow/mod.ts"
import { lines } from "../../src/arrow/lines.ts"
import { withFile } from "./temporary.ts"

const Row = Schema.Struct({ a: Schema.Int })

const read = <A>(name: string, content: string | Uint8Array, schema: RecordSchema<A>, batchSize = 2) =>
  withFile(name, (path) =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      yield* fileSystem.writeFile(path, typeof content === "string" ? Buffer.from(content) : content)
      const batches = yield* Stream.runCollect(readJsonLines(path, schema, { batchSize }))
      return batches.map((batch) => batch.rows)
    }).pipe(Effect.mapError((error) => ("reason" in error ? error.reason.message : "other")))
  )

describe("readJsonLines()", () => {
  it.effect("gives batches in order, over blank lines, both kinds of line break and a byte order mark", () =>
    Effect.gen(function* () {
      const text = `\uFEFF{"a":1}\r\n\n  \n{"a":2,"more":[]}\n{"a":3}`
      assert.deepStrictEqual(yield* read("rows.jsonl", text, Row), [[{ a: 1 }, { a: 2 }], [{ a: 3 }]])
    })
  )

  it.effect("unpacks a name that ends in .gz or .zst", () =>
    Effect.gen(function* () {
      const packed = gzipSync('{"a":1}\n{"a":2}\n{"a":3}\n')
      assert.deepStrictEqual(yield* read("rows.jsonl.gz", packed, Row), [[{ a: 1 }, { a: 2 }], [{ a: 3 }]])
      const zstd = zstdCompressSync('{"a":1}\n')
      assert.deepStrictEqual(yield* read("rows.jsonl.zst", zstd, Row), [[{ a: 1 }]])
      const error = yield* Effect.flip(read("rows.jsonl.gz", packed.subarray(0, -9), Row))
      assert.strictEqual(error, "found damaged data (unexpected end of file)")
    })
  )

  it.effect("fills in the defaults of the schema", () =>
    Effect.gen(function* () {
      const Filled = Schema.Struct({ a: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(7))) })
      assert.deepStrictEqual(yield* read("rows.jsonl", "{}\n", Filled), [[{ a: 7 }]])
    })
  )

  it.effect("says which line and field is wrong, what was found and what was wanted", () =>
    Effect.gen(function* () {
      const good = '{"promptId":"1","messages":[{"role":"user","content":"x"}]}\n'
      const error = (line: string | Uint8Array) =>
        Effect.flip(read("rows.jsonl", Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(line)]), Prompt))
      assert.deepStrictEqual(
        [
          yield* error("{,}"),
          yield* error('{"promptId":"2"}'),
          yield* error('{"promptId":"2","messages":[]}'),
          yield* error('{"promptId":2,"messages":[]}'),
          yield* error('{"promptId":"2","messages":[{"role":"user","content":"x"},{"role":"bot","content":"x"}]}'),
          yield* error("[1]"),
          yield* error(Uint8Array.of(0x22, 0xff, 0x22))
        ],
        [
          'line 3: found "{,}", wanted one JSON object in UTF-8',
          'line 3, field "messages": found nothing, wanted array',
          'line 3, field "messages": found [], wanted a value with a length of at least 1',
          'line 3, field "promptId": found 2, wanted string',
          'line 3, field "messages[1].role": found "bot", wanted "system" | "user" | "assistant"',
          "line 3: found [1], wanted object",
          'line 3: found "\\"�\\"", wanted one JSON object in UTF-8'
        ]
      )
    })
  )

  it.effect("says when there is no such file", () =>
    withFile("rows.jsonl", (path) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Stream.runDrain(readJsonLines(path, Row)))
        assert.strictEqual(error.message, `Cannot read "${path}": found no such file, wanted a file that exists`)
      })
    )
  )
})

describe("writeJsonLines()", () => {
  it.effect.prop(
    "is undone by readJsonLines()",
    { rows: Schema.Array(Preference), batchSize: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 3 })) },
    ({ rows, batchSize }) =>
      withFile("rows.jsonl", (path) =>
        Effect.gen(function* () {
          const written = yield* Stream.make(fromRows(Preference, rows)).pipe(writeJsonLines(path, Preference))
          assert.deepStrictEqual(written, { rows: rows.length, batches: 1 })
          const back = yield* Stream.runCollect(readJsonLines(path, Preference, { batchSize }))
          // JSON has no −0
          const expected = rows.map((row) => ({ ...row, margin: row.margin + 0 }))
          assert.deepStrictEqual(
            back.flatMap((batch) => batch.rows),
            expected
          )
        })
      ),
    { arbitrary: { runs: 30, seed: 3 } }
  )

  it.effect("writes the encoded form, one object per line", () =>
    withFile("rows.jsonl", (path) =>
      Effect.gen(function* () {
        const Renamed = Schema.Struct({ learningRate: Schema.Finite }).pipe(
          Schema.encodeKeys({ learningRate: "learning_rate" })
        )
        yield* Stream.make(fromRows(Renamed, [{ learningRate: 0.5 }, { learningRate: 1 }])).pipe(
          writeJsonLines(path, Renamed)
        )
        const text = yield* (yield* FileSystem.FileSystem).readFileString(path)
        assert.strictEqual(text, '{"learning_rate":0.5}\n{"learning_rate":1}\n')
      })
    )
  )
})

describe("lines()", () => {
  it.effect.prop(
    "gives the same lines whatever pieces the bytes come in",
    {
      texts: Schema.Array(Schema.Literals(["", "a", "bc", "é"])),
      size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 5 }))
    },
    ({ texts, size }) =>
      Effect.gen(function* () {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""))
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size)
        )
        const found = yield* Stream.runCollect(lines(Stream.fromIterable(pieces)))
        assert.deepStrictEqual(
          found.map((line) => [line.number, line.offset, new TextDecoder().decode(line.bytes)]),
          texts.map((text, i) => [i + 1, Buffer.byteLength(texts.slice(0, i).join("\n")) + Math.sign(i), text])
        )
      }),
    { arbitrary: { runs: 100, seed: 4 } }
  )
})
