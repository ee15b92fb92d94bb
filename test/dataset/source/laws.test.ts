import { existsSync } from "node:fs"
import { matchesGlob } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { Comparison, Demonstration, Prompt } from "../../../schemas/mod.ts"
import { decodeSteps } from "../../../src/curation/mod.ts"
import { datasets, findSource, type Source } from "../../../src/dataset/mod.ts"
import { fixture, readAll, rowsOf } from "./readFixture.ts"

const schemas = { preferences: Comparison, demonstrations: Demonstration, prompts: Prompt }

describe.each(Object.entries(datasets) as ReadonlyArray<[string, Source]>)("data set %s", (name, source) => {
  it("has fixture rows, a place, a licence and filters that the rules accept", () => {
    assert.isTrue(existsSync(fixture(name)))
    assert.match(source.place.hub, /^[\w.-]+\/[\w.-]+$/)
    assert.strictEqual(source.licence.name === "not found", source.licence.from === "nobody")
    const steps = decodeSteps(source.filters)
    assert.strictEqual(Result.isSuccess(steps) ? "" : steps.failure.message, "")
  })

  it("names no file of a test split", () => {
    const { files = [] } = source.place
    const others = ["helpful-base/test.jsonl.gz", "askhistory/validation.json", "data/test-00000-of-00001.parquet"]
    const taken = others.filter((file) => files.some((pattern) => matchesGlob(file, pattern)))
    assert.deepStrictEqual(taken, [])
  })

  it.effect("reads its fixture rows into records of its kind with ids that are unique and not empty", () =>
    Effect.gen(function* () {
      const { counts, records } = yield* readAll(name, source, rowsOf(fixture(name)))
      assert.isAbove(records.length, 0)
      assert.isTrue(records.every((record) => Schema.is(schemas[source.kind])(record)))
      assert.strictEqual(new Set(records.map(({ promptId }) => promptId)).size, records.length)
      assert.deepStrictEqual([counts.rowsIn, counts.recordsOut], [rowsOf(fixture(name)).length, records.length])
    })
  )

  it.effect("refuses a row that is a text, and names the row", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readAll(name, source, [{ place: "row", number: 7, value: "text" }]))
      assert.strictEqual(
        error.message,
        `Cannot read "file": row 7 is no row of data set "${name}": found "text", wanted object`
      )
    })
  )
})

it("Table 5 adds up to the 848 965 pairs that the paper counts", () => {
  const pairs = Object.values<Source>(datasets).reduce((sum, { paper }) => sum + (paper?.pairs ?? 0), 0)
  assert.strictEqual(pairs, 848_965)
})

it("findSource() gives the data set of a name, and lists the names where there is none", () => {
  assert.deepStrictEqual(findSource(datasets)("shp"), Result.succeed(datasets.shp))
  const none = findSource({ shp: datasets.shp, nectar: datasets.nectar })("toString")
  assert.strictEqual(
    Result.isFailure(none) && none.failure.message,
    'found no data set "toString", wanted one of "shp", "nectar"'
  )
})
