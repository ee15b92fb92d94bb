import { hash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Result, Schema, Stream } from "effect"
import {
  convertColumns,
  distinct,
  keepRows,
  readColumns,
  textLength,
  textsDiffer,
  writeColumns
} from "../../../src/arrow/json/mod.ts"
import { withFile } from "../temporary.ts"

const Row = Schema.Struct({
  a: Schema.NonEmptyString,
  b: Schema.optionalKey(Schema.String),
  n: Schema.NullOr(Schema.Int),
  x: Schema.Finite,
  turns: Schema.Array(Schema.Struct({ text: Schema.String, ok: Schema.Boolean })),
  marks: Schema.optionalKey(Schema.Array(Schema.NullOr(Schema.Int)))
})
type Row = typeof Row.Type

const rules = () => ({
  short: textLength({ column: "a", unit: "codePoints", minimum: 2 }),
  same: textsDiffer("a", "b"),
  again: distinct(["a", "turns", "marks"]).rule
})

interface Options {
  readonly batchSize?: number
  readonly batchBytes?: number
  readonly name?: string
}

/** What both ways make of the same lines: the bytes of the file, or the error. */
const both = (content: Uint8Array | string, { name = "rows.jsonl", ...options }: Options = {}) =>
  withFile(name, (path) =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      yield* fileSystem.writeFile(path, Buffer.from(content))
      const keep = keepRows(rules())
      const byBatch = yield* readColumns(path, Row, options).pipe(
        Stream.map((batch) => keep(batch).batch),
        writeColumns(`${path}.batches`, Row, { made: "here" }),
        Effect.result
      )
      const given = { from: path, to: `${path}.one`, schema: Row, rules: rules(), metadata: { made: "here" } }
      const inOne = yield* Effect.result(convertColumns({ ...given, ...options }))
      const told = Effect.fnUntraced(function* (result: Result.Result<unknown, unknown>, end: string) {
        if (Result.isSuccess(result)) return hash("sha256", yield* fileSystem.readFile(path + end))
        assert.isFalse(yield* fileSystem.exists(path + end))
        return String(result.failure)
      })
      return { byBatch: yield* told(byBatch, ".batches"), inOne: yield* told(inOne, ".one"), converted: inOne }
    })
  )

const agree = (content: Uint8Array | string, options: Options = {}) =>
  Effect.map(both(content, options), ({ byBatch, inOne }) => assert.strictEqual(inOne, byBatch))

const linesOf = (rows: ReadonlyArray<Row>): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("")
const row = (a: string, more: Partial<Row> = {}): Row => ({ a, n: null, x: 0.5, turns: [], ...more })
const long = (length: number): string => "0123456789é".repeat(length / 12)

describe("convertColumns()", () => {
  it.effect("counts the rows that each rule takes out, and those it writes", () =>
    Effect.gen(function* () {
      const rows = [row("a"), row("ab"), row("cd", { b: "cd" }), row("ab", { n: 1 }), row("é€")]
      const { converted } = yield* both(linesOf(rows), { batchSize: 2 })
      const dropped = { short: 1, same: 1, again: 1 }
      assert.deepStrictEqual(converted, Result.succeed({ rows: 2, batches: 2, dropped }))
    })
  )

  it.effect.prop(
    "writes the bytes that reading, keeping and writing by batches do",
    { rows: Schema.Array(Row), size: Schema.Natural },
    ({ rows, size }) => agree(linesOf([...rows, ...rows.slice(1)]), { batchSize: 1 + (size % 4) }),
    { arbitrary: { runs: 10, seed: 8 } }
  )

  it.effect("agrees where values are absent here and there, and rows come again", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 700 }, (_, i) => {
        const a = `a${i % 90 < 60 ? i : i % 30}`
        const marks = Array.from({ length: i % 90 }, (__, j) => (i > 300 && j % 40 === 3 ? null : j))
        const turns = Array.from({ length: i % 3 }, (__, j) => ({ text: `${j}`, ok: j === i % 2 }))
        const b = i % 5 === 0 ? a : "b"
        return row(a, { turns, ...(i % 80 < 70 && { b }), ...(i % 7 > 0 && { marks }), ...(i % 2 === 0 && { n: i }) })
      })
      yield* agree(linesOf([...rows, ...rows.slice(100)]))
    })
  )

  it.effect("ends batches at the same rows where bytes end them, and where lines are longer than its memory", () =>
    Effect.gen(function* () {
      const texts = [3e5, 7e5, 3e6, 2, 9e5, 9e5, 9e5, 4e6, 4e6, 12, 5e5, 2.2e6]
      const rows = texts.map((length, i) => row(`${i}${long(length)}`, i % 3 === 0 ? { b: long(length) } : {}))
      // as often as a batch of 2 MB is full, a row comes that is decoded by itself: its key is spelled with an escape
      const odd = linesOf([row(long(8e5)), row("odd")]).replaceAll('"x"', String.raw`"\u0078"`)
      const content = linesOf(rows) + odd + linesOf(rows.slice(0, 5)) + linesOf([row("last")]).trimEnd()
      yield* agree(content, { batchBytes: 2_000_000 })
      yield* agree(content)
    })
  )

  it.effect("leaves no file where a line is wrong, and tells the line", () =>
    Effect.gen(function* () {
      const { byBatch, inOne } = yield* both(`${linesOf([row("ab"), row("cd")])}{"a":""}\n`, { batchSize: 1 })
      assert.strictEqual(inOne, byBatch)
      assert.include(inOne, 'line 3, field "a"')
    })
  )

  it.effect("reads an empty file, and rows of which none is kept", () =>
    Effect.gen(function* () {
      yield* agree("")
      yield* agree(linesOf([row("a"), row("b")]))
    })
  )

  it.effect("agrees where two files are converted at once, and others after them in the same memory", () =>
    Effect.gen(function* () {
      const contents = [1, 2].map((file) => linesOf(Array.from({ length: 3000 }, (_, i) => row(`${file} ${i % 2500}`))))
      yield* Effect.forEach(contents, (content) => agree(content), { concurrency: 2 })
      yield* agree(linesOf([row("ab"), row("cd")]).trimEnd())
    })
  )

  it.effect("goes by batches where a batch would not fit its memory", () =>
    agree(linesOf([row("ab"), row("ab")]), { batchBytes: 2 ** 40 })
  )
})
