/**
 * JSON lines → validated, filtered, de-duplicated Arrow IPC: by column, and by row objects, beside the time that DuckDB
 * needs to parse the same file. Processor seconds count all threads, and tell more where other programs run beside.
 * Each measure runs in a process of its own. DuckDB is measured where `npm install` was run
 * in `bench/peers`.
 *
 * ```sh
 * node bench/columns.ts [--megabytes=200,1000] [--runs=5] [--json]
 * ```
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Schema, Stream } from "effect"
import { Preference } from "../schemas/mod.ts"
import { distinct, keepRows, readColumns, textLength, textsDiffer, writeColumns } from "../src/arrow/json/mod.ts"
import { fromRows, readJsonLines, writeArrow } from "../src/arrow/mod.ts"
import { writePairs } from "./columns/writePairs.ts"
import { peakMemory } from "./measure.ts"

/** Shortest chosen response that is kept. Units: bytes. */
const minimum = 600
/** Largest file that is read by row objects. Units: MB. */
const largestForRows = 200
const megabyte = 1e6
const option = (name: string): string | undefined =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)

/** Rules with sums of what they dropped. */
const byColumn = (path: string) =>
  Effect.gen(function* () {
    const keep = keepRows({
      short: textLength({ column: "chosen", unit: "bytes", minimum }),
      same: textsDiffer("chosen", "rejected"),
      again: distinct(["messages", "chosen", "rejected"]).rule
    })
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

const ways = { columns: byColumn, "columns, read alone": readOnly, "row objects": byRow }
type Way = keyof typeof ways

const Measured = Schema.Struct({
  seconds: Schema.Finite,
  processor: Schema.Finite,
  rows: Schema.Int,
  peakMemory: Schema.optionalKey(Schema.Finite)
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Measured))
const child = (script: string, ...given: ReadonlyArray<string>) =>
  decode(execFileSync(process.execPath, [script, ...given], { encoding: "utf8" }))

const measure = (way: Way, path: string, runs: number) =>
  Effect.gen(function* () {
    let [seconds, processor, rows] = [Infinity, Infinity, 0]
    for (let run = 0; run < runs; run++) {
      const started = performance.now()
      const before = process.cpuUsage()
      rows = yield* ways[way](path)
      seconds = Math.min(seconds, (performance.now() - started) / 1000)
      const { user, system } = process.cpuUsage(before)
      processor = Math.min(processor, (user + system) / 1e6)
    }
    process.stdout.write(`${JSON.stringify({ seconds, processor, rows, peakMemory: peakMemory() })}\n`)
  }).pipe(Effect.provide(NodeServices.layer))

const round = (x: number): number => Number(x.toPrecision(4))
const peers = join(import.meta.dirname, "peers")
const duckdb = (path: string, threads: number, runs: string) =>
  existsSync(join(peers, "node_modules/@duckdb/node-api"))
    ? child(join(peers, "duckdb.mjs"), path, String(threads), runs)
    : { seconds: Number.NaN, processor: Number.NaN }

const table = (folder: string, megabytes: number) => {
  const path = join(folder, `pairs-${megabytes}.jsonl`)
  const runs = option("runs") ?? "5"
  const { bytes } = writePairs(path, megabytes * megabyte)
  const [one, two] = [duckdb(path, 1, runs), duckdb(path, 2, runs)]
  // as: keys of the table of ways
  const all = Object.keys(ways) as ReadonlyArray<Way>
  // row objects, and texts to tell them apart, would fill the memory
  const fitting = all.filter((each) => each !== "row objects" || megabytes <= largestForRows)
  return fitting.map((way) => {
    const found = child(
      import.meta.filename,
      `--way=${way}`,
      `--path=${path}`,
      `--runs=${way === "row objects" ? 1 : runs}`
    )
    return {
      way,
      "file MB": round(bytes / megabyte),
      "rows written": found.rows,
      seconds: round(found.seconds),
      "MB/s": round(bytes / megabyte / found.seconds),
      "processor s": round(found.processor),
      "MB/s of a core": round(bytes / megabyte / found.processor),
      "DuckDB s, 1 thread": round(one.seconds),
      "DuckDB processor s": round(one.processor),
      "× DuckDB processor": round(found.processor / one.processor),
      "× DuckDB, 1 thread": round(found.seconds / one.seconds),
      "DuckDB s, 2 threads": round(two.seconds),
      "× DuckDB, 2 threads": round(found.seconds / two.seconds),
      "peak RSS MB": round(found.peakMemory ?? Number.NaN)
    }
  })
}

const way = option("way")
if (way === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "prefloop-columns-"))
  try {
    const sizes = (option("megabytes") ?? "200,1000").split(",").map(Number)
    const rows = sizes.flatMap((megabytes) => table(folder, megabytes))
    if (process.argv.includes("--json")) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
    else console.table(rows)
  } finally {
    rmSync(folder, { recursive: true })
  }
} else measure(way as Way, option("path") ?? "", Number(option("runs"))).pipe(NodeRuntime.runMain) // as: given above
