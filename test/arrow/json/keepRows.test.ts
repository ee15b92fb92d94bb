import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { distinct, keepRows, textLength, textsDiffer } from "../../../src/arrow/json/mod.ts"
import { fromColumns } from "../../../src/arrow/json/ColumnBatch.ts"
import { HashSet128 } from "../../../src/arrow/json/rules/HashSet128.ts"
import { toRecordBatch } from "../../../src/arrow/recordBatch.ts"
import { schemaOf } from "../../../src/arrow/mod.ts"

const Row = Schema.Struct({
  a: Schema.String,
  b: Schema.optionalKey(Schema.String),
  turns: Schema.Array(Schema.Struct({ n: Schema.Int, x: Schema.Finite, ok: Schema.Boolean }))
})
type Row = typeof Row.Type

const batchOf = (rows: ReadonlyArray<Row>) => fromColumns(Row, toRecordBatch(Row, schemaOf(Row), rows))
const turn = { n: -1, x: 0.5, ok: true }
const row = (a: string, b?: string, turns: Row["turns"] = []): Row => ({ a, ...(b !== undefined && { b }), turns })

describe("keepRows()", () => {
  it("counts a row for the first rule it does not fit, and keeps the others in order", () => {
    const kept = keepRows({
      short: textLength({ column: "a", unit: "codePoints", minimum: 2, maximum: 3 }),
      same: textsDiffer("a", "b"),
      again: distinct(["a", "turns"]).rule
    })(
      batchOf([
        row("é"), // one code point
        row("éé", "x", [turn]),
        row("ab", "ab"),
        row("éé", "y", [turn]), // as the second
        row("éé", "y", [turn, turn]),
        row("abcd"),
        row("ab", "ac")
      ])
    )
    assert.deepStrictEqual(kept.dropped, { short: 2, same: 1, again: 1 })
    assert.deepStrictEqual(kept.batch.rows, [row("éé", "x", [turn]), row("éé", "y", [turn, turn]), row("ab", "ac")])
  })

  it.prop(
    "keeps what a filter of the rows keeps",
    { rows: Schema.Array(Row), size: Schema.Natural },
    ({ rows, size }) => {
      const maximum = size % 5
      const { batch } = keepRows({ long: textLength({ column: "a", unit: "bytes", maximum }) })(batchOf(rows))
      // through columns as well, where text is well-formed and there is no −0
      const wanted = batchOf(rows).rows.filter(({ a }) => Buffer.byteLength(a) <= maximum)
      assert.deepStrictEqual(batch.rows, wanted)
    },
    { arbitrary: { runs: 50, seed: 7 } }
  )
})

describe("textsDiffer()", () => {
  it("takes absent for equal to absent alone", () => {
    const keeps = textsDiffer("b", "b")
    const { recordBatch } = batchOf([row("x"), row("x", "x")])
    assert.deepStrictEqual([0, 1].map(keeps(recordBatch)), [false, false])
    assert.isTrue(textsDiffer("a", "b")(recordBatch)(0))
  })
})

describe("distinct()", () => {
  it("tells apart where one text ends and the next begins, and absent from empty", () => {
    const { rule, seen } = distinct(["a", "b"])
    const rows = [row("ab", "c"), row("a", "bc"), row("a", ""), row("a"), row("a")]
    const keeps = rule(batchOf(rows).recordBatch)
    assert.deepStrictEqual(
      rows.map((_, i) => keeps(i)),
      [true, true, true, true, false]
    )
    assert.strictEqual(seen.size, 4)
  })

  it("remembers rows over batches, and texts of any length", () => {
    const { rule } = distinct(["a"])
    const long = row("x".repeat(3_000_000))
    assert.deepStrictEqual(
      [row("x"), long, row("x"), long].map((each) => rule(batchOf([each]).recordBatch)(0)),
      [true, true, false, false]
    )
  })
})

describe("HashSet128", () => {
  it("holds each hash once while it grows, in 21 to 43 bytes", () => {
    const set = new HashSet128(4)
    const hashes = Array.from({ length: 1000 }, (_, i) => [i % 10, i, 0, 0] as const)
    assert.isTrue(hashes.every((hash) => set.add(...hash)))
    assert.isFalse(hashes.some((hash) => set.add(...hash)))
    assert.strictEqual(set.size, 1000)
    assert.strictEqual(set.bytes / 16, 2048)
  })
})
