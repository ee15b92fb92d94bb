import { gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import {
  Field,
  FixedSizeList,
  Float64,
  Int32,
  LargeUtf8,
  List,
  Struct,
  Table,
  tableToIPC,
  Uint8,
  Utf8,
  vectorFromArray
} from "apache-arrow"
import { Effect, FileSystem, Stream } from "effect"
import { parquetWriteBuffer } from "hyparquet-writer"
import { type ReadOptions, readRows, readTables } from "../../../src/arrow/mod.ts"
import { withFile } from "../temporary.ts"

const withBytes = <A, E, R>(name: string, bytes: string | Uint8Array, use: (path: string) => Effect.Effect<A, E, R>) =>
  withFile(name, (path) =>
    Effect.flatMap(FileSystem.FileSystem, (fileSystem) =>
      Effect.andThen(fileSystem.writeFile(path, typeof bytes === "string" ? Buffer.from(bytes) : bytes), use(path))
    )
  )

/** The numbers and values of the rows of a file. */
const rows = (name: string, bytes: string | Uint8Array, options?: ReadOptions) =>
  withBytes(name, bytes, (path) =>
    Effect.map(Stream.runCollect(readRows(path, options)), (all) => all.map(({ number, value }) => [number, value]))
  )

const nested = [{ role: "user", content: "é" }]

const parquet = new Uint8Array(
  parquetWriteBuffer({
    rowGroupSize: 2,
    columnData: [
      { name: "id", data: [1n, 2n, 2n ** 40n], type: "INT64" },
      { name: "text", data: ["a", null, "é"], type: "STRING" },
      { name: "score", data: [0.5, 1, 2], type: "DOUBLE" }
    ]
  })
)
const parquetValues = [
  [0, { id: 1, text: "a", score: 0.5 }],
  [1, { id: 2, text: null, score: 1 }],
  [2, { id: 2 ** 40, text: "é", score: 2 }]
]

const arrow = new Table({
  text: vectorFromArray(["a", "é", null], new Utf8()),
  list: vectorFromArray([[1], [], [2, 3]], new List(new Field("item", new Float64(), false))),
  score: vectorFromArray([0.5, 1, 2], new Float64()),
  word: vectorFromArray(["p", null, "p"]) // a dictionary
})
const arrowValues = [
  [0, { text: "a", list: [1], score: 0.5, word: "p" }],
  [1, { text: "é", list: [], score: 1, word: null }],
  [2, { text: null, list: [2, 3], score: 2, word: "p" }]
]

describe("readRows()", () => {
  it.effect("gives JSON lines by line, over blank ones, a byte order mark and both line breaks", () =>
    Effect.gen(function* () {
      const text = `\uFEFF{"a":1}\r\n\n  \n${JSON.stringify({ a: nested, b: null })}`
      const expected = [
        [1, { a: 1 }],
        [4, { a: nested, b: null }]
      ]
      for (const [name, pack] of [
        ["rows.jsonl", Buffer.from],
        ["rows.ndjson.gz", gzipSync],
        ["rows.jsonl.zst", zstdCompressSync]
      ] as const)
        assert.deepStrictEqual(yield* rows(name, pack(text)), expected)
      assert.deepStrictEqual(yield* rows("rows.json", text, { kind: "jsonl" }), expected)
    })
  )

  it.effect("gives the elements of a JSON array, and of the only array of objects in an object", () =>
    Effect.gen(function* () {
      const elements = `[\n {"a":"]}\\"é"},{"a":[{"b":{}}]} ]`
      const expected = [
        [0, { a: ']}"é' }],
        [1, { a: [{ b: {} }] }]
      ]
      assert.deepStrictEqual(yield* rows("rows.json", `\uFEFF${elements}\n`), expected)
      const object = `{"type":"x[","n":-1.5e3,"other":{"instances":[{}]},"list":["a",[1]],"instances":${elements},"end":null}`
      assert.deepStrictEqual(yield* rows("rows.json.gz", gzipSync(object)), expected)
      assert.deepStrictEqual([yield* rows("a.json", "[]"), yield* rows("b.json", '{"instances": []}')], [[], []])
    })
  )

  it.effect("gives the same rows of a JSON document whatever pieces its bytes come in", () =>
    Effect.gen(function* () {
      const long = '\\"é'.repeat(70_000) // more than a piece is read at once
      const text = `{"x":"${long}","rows":[{"a":"${long}"},\n{"b":1}]}`
      assert.deepStrictEqual(yield* rows("rows.json", text), [
        [0, { a: '"é'.repeat(70_000) }],
        [1, { b: 1 }]
      ])
    })
  )

  it.effect("gives CSV and TSV as texts by the line where a record begins, and text by line", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* rows("rows.csv", '\uFEFFa,b\r\n1,"x\r\ny"\r\n\r\n2,"say ""é"", so"\r\n'), [
        [2, { a: "1", b: "x\r\ny" }],
        [5, { a: "2", b: 'say "é", so' }]
      ])
      assert.deepStrictEqual(yield* rows("rows.csv", 'a,b\r\n1,"x\r\ny"\r\n2,"z\r\n\r\n"\r\n3,c\r\n'), [
        [2, { a: "1", b: "x\r\ny" }],
        [4, { a: "2", b: "z\r\n\r\n" }],
        [7, { a: "3", b: "c" }]
      ])
      assert.deepStrictEqual(yield* rows("rows.tsv.gz", gzipSync("a\tb\n1,2\t\n")), [[2, { a: "1,2", b: "" }]])
      assert.deepStrictEqual(yield* rows("rows.txt", "a\n\nb"), [
        [1, { text: "a" }],
        [3, { text: "b" }]
      ])
    })
  )

  it.effect("gives Parquet and Arrow by row with plain values, of the columns that are wanted", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* rows("rows.parquet", parquet), parquetValues)
      assert.deepStrictEqual(yield* rows("rows.parquet.gz", gzipSync(parquet)), parquetValues)
      assert.deepStrictEqual(yield* rows("rows.parquet", parquet, { columns: ["score"] }), [
        [0, { score: 0.5 }],
        [1, { score: 1 }],
        [2, { score: 2 }]
      ])
      assert.deepStrictEqual(yield* rows("rows.arrow", tableToIPC(arrow, "stream")), arrowValues)
      assert.deepStrictEqual(yield* rows("rows.feather", tableToIPC(arrow, "file")), arrowValues)
      assert.deepStrictEqual(yield* rows("rows.ipc.zst", zstdCompressSync(tableToIPC(arrow, "stream"))), arrowValues)
    })
  )

  it.effect("gives plain arrays and objects of nested columns of Arrow, absent ones as null", () =>
    Effect.gen(function* () {
      const text = new Field("text", new Utf8(), true)
      const nestedArrow = new Table({
        large: vectorFromArray(["é", null, "a"], new LargeUtf8()),
        pair: vectorFromArray([[1, 2], [3, 4], null], new FixedSizeList(2, new Field("item", new Int32(), false))),
        bytes: vectorFromArray([[1], [], [2, 255]], new List(new Field("item", new Uint8(), false))),
        turns: vectorFromArray(
          [[{ text: "a" }, { text: null }], null, []],
          new List(new Field("item", new Struct([text])))
        )
      })
      const expected = [
        [0, { large: "é", pair: [1, 2], bytes: [1], turns: [{ text: "a" }, { text: null }] }],
        [1, { large: null, pair: [3, 4], bytes: [], turns: null }],
        [2, { large: "a", pair: null, bytes: [2, 255], turns: [] }]
      ]
      for (const kind of ["stream", "file"] as const)
        assert.deepStrictEqual(yield* rows("rows.arrow", tableToIPC(nestedArrow, kind)), expected)
    })
  )

  it.effect("keeps the last of two keys where told to", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* rows("rows.jsonl", '{"a":1,"a":2}', { duplicateKeys: "keepLast" }), [[1, { a: 2 }]])
    })
  )
})

/** The rows of a file with trouble skipped, and how many were lost for each reason. */
const skipping = (name: string, bytes: string | Uint8Array, options: ReadOptions = {}) =>
  Effect.gen(function* () {
    const lost: Record<string, number> = {}
    const onSkip: ReadOptions["onSkip"] = ({ error, rows: count }) =>
      Effect.sync(() => void (lost[error.reason._tag] = (lost[error.reason._tag] ?? 0) + count))
    return { rows: yield* rows(name, bytes, { ...options, onError: "skip", onSkip }), lost }
  })

describe("readRows() that skips", () => {
  it.effect("counts lines by reason and goes on", () =>
    Effect.gen(function* () {
      const long = "x".repeat(100)
      const text = `{"a":1}\n{"a":\n[]\n{"a":"${long}"}\n{"a":1,"a":2}\n{,}\n{"a":2}`
      assert.deepStrictEqual(yield* skipping("rows.jsonl", text, { maxLineBytes: 64 }), {
        rows: [
          [1, { a: 1 }],
          [7, { a: 2 }]
        ],
        lost: { JsonBroken: 2, RowInvalid: 1, LineTooLong: 1, KeyRepeated: 1 }
      })
    })
  )

  it.effect("counts elements, records and row groups", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* skipping("rows.json", '[{"a":1},{"a":tru},3,{"a":2}]'), {
        rows: [
          [0, { a: 1 }],
          [3, { a: 2 }]
        ],
        lost: { JsonBroken: 1, RowInvalid: 1 }
      })
      assert.deepStrictEqual(yield* skipping("rows.csv", "a,b\n1\n2,3\n4,\0\n"), {
        rows: [[3, { a: "2", b: "3" }]],
        lost: { CsvBroken: 1, NulFound: 1 }
      })
      const damaged = Buffer.from(parquet).fill(0xff, 4, 12)
      assert.deepStrictEqual(yield* skipping("rows.parquet", damaged), {
        rows: parquetValues.slice(2),
        lost: { ColumnDamaged: 2 }
      })
    })
  )

  it.effect("stops where the file does not say any more where a row begins", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(skipping("rows.json", '[{"a":1} {"a":2}]'))
      assert.isTrue(error.message.endsWith('line 1, character 10: found "{", wanted "," or "]"'))
      const cut = yield* Effect.flip(skipping("rows.jsonl.gz", gzipSync('{"a":1}\n').subarray(0, -9)))
      assert.isTrue(cut.message.endsWith("found damaged data (unexpected end of file)"))
    })
  )

  it.effect("gives the rows before the trouble it stops at", () =>
    withBytes("rows.jsonl", '{"a":1}\n{"a":2}\n{,}\n', (path) =>
      Effect.gen(function* () {
        const before = yield* Stream.runCollect(Stream.take(readRows(path), 2))
        assert.deepStrictEqual(
          before.map(({ value }) => value),
          [{ a: 1 }, { a: 2 }]
        )
      })
    )
  )
})

/** Where each table begins, and its columns. */
const tables = (name: string, bytes: Uint8Array, columns?: ReadonlyArray<string>) =>
  withBytes(name, bytes, (path) =>
    Effect.map(Stream.runCollect(readTables(path, columns)), (all) =>
      all.map(({ first, length, names, column }) => [first, length, names.map((each) => column(each))])
    )
  )

describe("readTables()", () => {
  it.effect("gives row groups and record batches by column, numbers as they lie in memory", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* tables("rows.parquet", parquet, ["score", "text"]), [
        [
          0,
          2,
          [
            [0.5, 1],
            ["a", null]
          ]
        ],
        [2, 1, [[2], ["é"]]]
      ])
      assert.deepStrictEqual(yield* tables("rows.arrow", tableToIPC(arrow, "stream"), ["score", "text"]), [
        [0, 3, [Float64Array.of(0.5, 1, 2), ["a", "é", null]]]
      ])
    })
  )

  it.effect("refuses a file without columns", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(tables("rows.jsonl", Buffer.from("{}")))
      assert.isTrue(error.message.endsWith("found JSON lines, wanted Parquet or Arrow IPC"))
    })
  )
})
