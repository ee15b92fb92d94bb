import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema, Stream, Struct } from "effect"
import { Comparison, Demonstration, Judged, Prompt } from "../../schemas/mod.ts"
import { exportShapes } from "../../src/dataset/mod.ts"
import { type DataKind, type DataKinds, openData, writeData } from "../../src/pipeline/data/mod.ts"

type AnyRecord = Comparison & Demonstration & Judged

const card = { title: "law", licence: "mit", languages: [], sources: [] }

/** A text of whole characters. */
const whole = (_: string, value: unknown): unknown => (typeof value === "string" ? value.toWellFormed() : value)

/** Records that training takes: texts that are not empty, prompts that wait for an answer, numbers that JSON keeps. */
const fit = (row: object): object =>
  Object.fromEntries(
    Object.entries(JSON.parse(JSON.stringify(row, whole)) as Partial<AnyRecord>).map(([name, value]) => {
      if (Array.isArray(value)) return [name, [...value, { role: "user", content: "and?" }]]
      if (["response", "chosen", "rejected"].includes(name)) return [name, `a${value}`]
      return [name, typeof value === "number" ? (value % 100) + 0 : value] // + 0: no negative zero
    })
  )

const schemas = {
  preferences: Comparison,
  demonstrations: Demonstration,
  prompts: Prompt,
  judged: Judged
} satisfies { readonly [K in DataKind]: Schema.Codec<DataKinds[K], unknown> }

/** What is left of a record in the columns of TRL alone: no id, no names, the margin of the scores. */
const bare = (row: Partial<AnyRecord>): object => {
  const { chosenScore, margin, rejectedScore } = row
  const apart = chosenScore === undefined || rejectedScore === undefined ? 0 : chosenScore - rejectedScore
  const rest = Struct.omit(row, ["promptId", "annotator", "contradicted", "dataset", "fromReference", "source"])
  return margin === undefined ? rest : { ...rest, margin: apart }
}

const kinds = Object.keys(exportShapes) as ReadonlyArray<DataKind> // as: the keys of the table
const forms = ["law.jsonl", "law.arrow", "law.parquet", "law"] as const
const cases = kinds.flatMap((kind) =>
  forms.flatMap((form) =>
    (form === "law" ? (["trl", "all"] as const) : (["records", "trl", "all"] as const)).map(
      (columns) => [kind, columns, form] as const
    )
  )
)

describe("writeData() then openData(), told neither kind nor format", () => {
  for (const [kind, columns, form] of cases) {
    const kept = columns === "trl" ? "all that TRL has a column for" : "every record with its id"
    it.effect.prop(
      `gives back ${kept}: ${kind} as columns "${columns}" of "${form}"`,
      { rows: Schema.NonEmptyArray(schemas[kind] as Schema.Codec<Prompt>) }, // as: of each kind in turn
      ({ rows }) =>
        Effect.gen(function* () {
          const files = yield* FileSystem.FileSystem
          const out = `${yield* files.makeTempDirectoryScoped()}/${form}`
          const records = rows.map(fit) as unknown as ReadonlyArray<DataKinds[typeof kind]> // as: fit changes no type
          yield* writeData({ kind, out, columns, card })(Stream.fromIterable(records))
          const opened = yield* openData({ source: { path: out } })
          const read = yield* Stream.runCollect(opened.rows)
          assert.strictEqual(opened.kind, kind)
          if (columns !== "trl") return assert.deepStrictEqual<unknown>(read, records)
          assert.strictEqual(new Set(read.map(({ promptId }) => promptId)).size, rows.length)
          assert.deepStrictEqual(
            read.map((row) => Struct.omit(row, ["promptId"])),
            records.map(bare)
          )
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      { arbitrary: { runs: 4, seed: 1 } }
    )
  }
})
