import { existsSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Comparison, Demonstration, Prompt } from "../../../schemas/mod.ts"
import { datasets, filterNames, type Source } from "../../../src/dataset/mod.ts"
import { fixture, readAll, rowsOf } from "./readFixture.ts"

const schemas = { preferences: Comparison, demonstrations: Demonstration, prompts: Prompt }

/** Reads any set: one call for each kind, so that types stay exact. */
const read = (name: string, source: Source) => {
  const rows = rowsOf(fixture(name))
  if (source.kind === "preferences") return readAll(name, source, rows)
  return source.kind === "demonstrations" ? readAll(name, source, rows) : readAll(name, source, rows)
}

const known: ReadonlySet<string> = new Set(filterNames)

describe.each(Object.entries(datasets) as ReadonlyArray<[string, Source]>)("data set %s", (name, source) => {
  it("has fixture rows, a place, a licence and filters that are known, each by one name", () => {
    assert.isTrue(existsSync(fixture(name)))
    assert.match(source.place.hub, /^[\w.-]+\/[\w.-]+$/)
    assert.strictEqual(source.licence.name === "not found", source.licence.from === "nobody")
    const steps = source.filters.map((step) => Object.keys(step))
    assert.deepStrictEqual(
      steps.filter((names) => names.length !== 1 || names.some((one) => !known.has(one))),
      []
    )
  })

  it.effect("reads its fixture rows into records of its kind with ids that are unique and not empty", () =>
    Effect.gen(function* () {
      const { counts, records } = yield* read(name, source)
      assert.isAbove(records.length, 0)
      assert.isTrue(records.every((record) => Schema.is(schemas[source.kind])(record)))
      assert.strictEqual(new Set(records.map(({ promptId }) => promptId)).size, records.length)
      assert.deepStrictEqual([counts.rowsIn, counts.recordsOut], [rowsOf(fixture(name)).length, records.length])
    })
  )

  it.effect("refuses a row that is a text, and names the row", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        source.kind === "preferences"
          ? readAll(name, source, [{ place: "row", number: 7, value: "text" }])
          : source.kind === "demonstrations"
            ? readAll(name, source, [{ place: "row", number: 7, value: "text" }])
            : readAll(name, source, [{ place: "row", number: 7, value: "text" }])
      )
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
