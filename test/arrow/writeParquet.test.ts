import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { parquetMetadata, parquetReadObjects } from "hyparquet"
import { compressors } from "hyparquet-compressors"
import { type ParquetOptions, type RecordSchema, writeParquet } from "../../src/arrow/mod.ts"
import { batched, reasonOf } from "./rows.ts"
import { withFile } from "./temporary.ts"

/** Every kind of column, absent values at every depth, and lists that are empty. */
const Row = Schema.Struct({
  text: Schema.String,
  count: Schema.Int,
  share: Schema.Finite,
  yes: Schema.optionalKey(Schema.Boolean),
  turns: Schema.Array(Schema.Struct({ role: Schema.String, content: Schema.NullOr(Schema.String) })),
  inner: Schema.NullOr(
    Schema.Struct({ ids: Schema.Array(Schema.NullOr(Schema.Int)), name: Schema.optionalKey(Schema.String) })
  ),
  grid: Schema.optionalKey(Schema.Array(Schema.Array(Schema.Int)))
})
type Row = typeof Row.Type

const rows: ReadonlyArray<Row> = [
  {
    text: "é😀",
    count: -(2 ** 53 - 1),
    share: 0.1,
    yes: true,
    turns: [
      { role: "user", content: "a" },
      { role: "assistant", content: null }
    ],
    inner: { ids: [1, null, 3], name: "n" },
    grid: [[1, 2], [], [3]]
  },
  { text: "", count: 0, share: -1e300, turns: [], inner: null },
  { text: "\u0000\n", count: 7, share: 5, yes: false, turns: [{ role: "", content: "" }], inner: { ids: [] }, grid: [] }
]

/** The rows as they come back: an absent key is null in Parquet. */
const readBack: ReadonlyArray<object> = [
  rows[0] ?? {},
  { ...rows[1], yes: null, grid: null },
  { ...rows[2], inner: { ids: [], name: null } }
]

/** The reader says undefined for an absent list or struct, and null for other values. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : (inner ?? null)))
  )

const write = <A extends object>(
  schema: RecordSchema<A>,
  given: ReadonlyArray<A>,
  options: ParquetOptions & { readonly rowsPerGroup?: number } = {}
) =>
  withFile("rows.parquet", (path) =>
    Effect.gen(function* () {
      const written = yield* batched(schema, given, 2).pipe(writeParquet(path, schema, options))
      const file = (yield* (yield* FileSystem.FileSystem).readFile(path)).slice().buffer
      const read = yield* Effect.promise(() => parquetReadObjects({ file, compressors }))
      return { written, metadata: parquetMetadata(file), read: plain(read) }
    })
  )

describe("writeParquet()", () => {
  for (const compression of ["zstd", "snappy"] as const) {
    it.effect(`keeps every value of every kind of column, packed by ${compression}`, () =>
      Effect.gen(function* () {
        assert.deepStrictEqual((yield* write(Row, rows, { compression })).read, readBack)
      })
    )
  }

  it.effect("writes row groups of the size asked for, whatever the size of batches", () =>
    Effect.gen(function* () {
      const One = Schema.Struct({ a: Schema.Int })
      const given = Array.from({ length: 7 }, (_, a) => ({ a }))
      const { metadata, read, written } = yield* write(One, given, { rowsPerGroup: 3 })
      assert.deepStrictEqual(written, { rows: 7, batches: 3 })
      assert.deepStrictEqual(
        metadata.row_groups.map((group) => Number(group.num_rows)),
        [3, 3, 1]
      )
      assert.deepStrictEqual(read, given)
    })
  )

  it.effect("keeps metadata in the footer, and writes a file without rows", () =>
    Effect.gen(function* () {
      const { metadata, read } = yield* write(Row, [], { metadata: { lineage: "{}" } })
      assert.deepStrictEqual(metadata.key_value_metadata, [{ key: "lineage", value: "{}" }])
      assert.deepStrictEqual(read, [])
    })
  )

  it.effect("names a row that does not fit, and leaves no file", () =>
    withFile("rows.parquet", (path) =>
      Effect.gen(function* () {
        const One = Schema.Struct({ a: Schema.Int })
        const { message, tag } = yield* reasonOf(
          batched(One, [{ a: 1 }, { a: 0.5 }], 1).pipe(writeParquet(path, One, { rowsPerGroup: 1 }))
        )
        assert.strictEqual(tag, "RowInvalid")
        assert.match(message, /row 1, field "a": found 0.5, wanted an integer/)
        const { exists } = yield* FileSystem.FileSystem
        assert.deepStrictEqual([yield* exists(path), yield* exists(`${path}.tmp`)], [false, false])
      })
    )
  )
})
