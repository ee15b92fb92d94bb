import { assert, describe, it } from "@effect/vitest"
import { RecordBatchReader, tableFromIPC } from "apache-arrow"
import { Effect, FileSystem, Schema, Stream } from "effect"
import { Scored } from "../../schemas/mod.ts"
import { readArrow, readArrowMetadata, writeArrow } from "../../src/arrow/mod.ts"
import { batched, rowsOf, scored } from "./rows.ts"
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
})
