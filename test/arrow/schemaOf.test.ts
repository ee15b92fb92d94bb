import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Preference, Scored } from "../../schemas/mod.ts"
import { columnNames, optionalColumns, type RecordSchema, schemaOf } from "../../src/arrow/mod.ts"

const typesOf = (schema: RecordSchema<unknown>) =>
  schemaOf(schema).fields.map(({ name, type, nullable }) => `${name}: ${String(type)}${nullable ? "?" : ""}`)

const thrown = (f: () => unknown): string => {
  try {
    f()
    return "nothing"
  } catch (error) {
    return error instanceof Error ? error.message : "not an error"
  }
}

describe("schemaOf()", () => {
  it("derives nested columns of a record", () => {
    assert.deepStrictEqual(typesOf(Scored), [
      "promptId: Utf8",
      "messages: List<Struct<{role:Utf8, content:Utf8}>>",
      "responses: List<Struct<{text:Utf8, ids:List<Int64>, logProbabilities:List<Float64>, tokens:Int64, finish:Utf8, temperature:Float64, sample:Int64}>>",
      "drawnFrom: List<Utf8>?",
      "rewards: List<Float64>"
    ])
  })

  it("makes optional and null columns nullable, and takes what a row is after decoding", () => {
    const Row = Schema.Struct({
      a: Schema.optionalKey(Schema.Int),
      b: Schema.optional(Schema.String),
      c: Schema.NullOr(Schema.Boolean),
      d: Schema.FiniteFromString,
      e: Schema.NonEmptyArray(Schema.Literal("x"))
    })
    assert.deepStrictEqual(typesOf(Row), ["a: Int64?", "b: Utf8?", "c: Bool?", "d: Float64", "e: List<Utf8>"])
  })

  it("refuses what has no column of its own, by its path", () => {
    const refuse = (field: Schema.Codec<unknown>) =>
      thrown(() => schemaOf(Schema.Struct({ row: Schema.Struct({ field }) })))
    const wanted = "wanted text, number, integer, boolean, array or struct, optional or null at most once"
    assert.deepStrictEqual(
      [
        refuse(Schema.Union([Schema.String, Schema.Int])),
        refuse(Schema.Tuple([Schema.String, Schema.Int])),
        refuse(Schema.Record(Schema.String, Schema.Int)),
        refuse(Schema.NullishOr(Schema.Int)),
        refuse(Schema.Date),
        thrown(() => schemaOf(Schema.String))
      ],
      [
        `Cannot lay out "row.field": found a union of several kinds, ${wanted}`,
        `Cannot lay out "row.field": found a tuple, ${wanted}`,
        `Cannot lay out "row.field": found keys that are not known, ${wanted}`,
        `Cannot lay out "row.field": found two ways to be absent, ${wanted}`,
        `Cannot lay out "row.field": found Declaration, ${wanted}`,
        `Cannot lay out "record": found String, ${wanted}`
      ]
    )
  })
})

describe("columnNames()", () => {
  it("lists the columns in order", () => {
    assert.deepStrictEqual(columnNames(Preference), ["promptId", "messages", "chosen", "rejected", "margin"])
  })
})

describe("optionalColumns()", () => {
  it("gives the columns that a record may leave out", () => {
    assert.deepStrictEqual([optionalColumns(Preference), optionalColumns(Scored)], [["fromReference"], ["drawnFrom"]])
  })
})
