import { Effect, Stream } from "effect"
import { Preference } from "../../schemas/mod.ts"
import {
  convertColumns,
  distinct,
  keepRows,
  readColumns,
  textLength,
  textsDiffer,
  writeColumns
} from "../../src/arrow/json/mod.ts"
import { fromRows, readJsonLines, writeArrow } from "../../src/arrow/mod.ts"

/** Shortest chosen response that is kept. Units: bytes. */
const minimum = 600
const rules = () => ({
  short: textLength({ column: "chosen", unit: "bytes", minimum }),
  same: textsDiffer("chosen", "rejected"),
  again: distinct(["messages", "chosen", "rejected"]).rule
})

/** All in one memory. */
const inOne = (path: string) =>
  Effect.map(
    convertColumns({ from: path, to: `${path}.arrow`, schema: Preference, rules: rules() }),
    ({ rows }) => rows
  )

/** Each batch in memory of its own. */
const byBatch = (path: string) =>
  Effect.gen(function* () {
    const keep = keepRows(rules())
    const written = yield* readColumns(path, Preference).pipe(
      Stream.map((batch) => keep(batch).batch),
      writeColumns(`${path}.arrow`, Preference)
    )
    return written.rows
  })

/** The same with an object for each row, and hashes that JavaScript has at hand: the row's own text. */
const byRow = (path: string) =>
  Effect.gen(function* () {
    const seen = new Set<string>()
    const keeps = (row: Preference): boolean => {
      if (Buffer.byteLength(row.chosen) < minimum || row.chosen === row.rejected) return false
      const key = JSON.stringify([row.messages, row.chosen, row.rejected])
      return !seen.has(key) && seen.add(key) !== undefined
    }
    const written = yield* readJsonLines(path, Preference).pipe(
      Stream.map(({ rows }) => fromRows(Preference, rows.filter(keeps))),
      writeArrow(`${path}.arrow`, Preference)
    )
    return written.rows
  })

const readOnly = (path: string) =>
  Stream.runFold(
    readColumns(path, Preference),
    () => 0,
    (sum, { length }) => sum + length
  )

/** Ways from a file of JSON lines to the number of rows that are written, or read. */
export const ways = {
  columns: inOne,
  "columns, by batch": byBatch,
  "columns, read alone": readOnly,
  "row objects": byRow
} as const
