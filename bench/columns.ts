/**
 * JSON lines → validated, filtered, de-duplicated Arrow IPC: by column, and by row objects, beside the time that DuckDB
 * needs to parse the same file. Processor seconds count all threads, and tell more where other programs run beside; those of
 * the user leave out what the system does to read and write files.
 * A turn is a process of ours and two of DuckDB (one thread, two threads), each the best of some runs; shown is the median
 * of turns. Ours computes on one thread, and reads and writes files on threads of Node's beside it.
 * DuckDB is measured where `npm install` was run in `bench/peers`.
 *
 * ```sh
 * node bench/columns.ts [--megabytes=200,1000] [--turns=5] [--runs=3] [--json]
 * ```
 */
import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Schema } from "effect"
import { ways } from "./columns/ways.ts"
import { writePairs } from "./columns/writePairs.ts"
import { peakMemory } from "./measure.ts"

/** Largest file that is read by row objects. Units: MB. */
const largestForRows = 200
const megabyte = 1e6
const option = (name: string): string | undefined =>
  process.argv.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3)

type Way = keyof typeof ways

const Measured = Schema.Struct({
  seconds: Schema.Finite,
  processor: Schema.Finite,
  user: Schema.Finite,
  rows: Schema.Int,
  peakMemory: Schema.optionalKey(Schema.Finite)
})
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Measured))
const child = (script: string, ...given: ReadonlyArray<string>) =>
  decode(execFileSync(process.execPath, [script, ...given], { encoding: "utf8" }))

const measure = (way: Way, path: string, runs: number) =>
  Effect.gen(function* () {
    let [seconds, processor, least, rows] = [Infinity, Infinity, Infinity, 0]
    for (let run = 0; run < runs; run++) {
      const started = performance.now()
      const before = process.cpuUsage()
      rows = yield* ways[way](path)
      seconds = Math.min(seconds, (performance.now() - started) / 1000)
      const { user, system } = process.cpuUsage(before)
      processor = Math.min(processor, (user + system) / 1e6)
      least = Math.min(least, user / 1e6)
    }
    process.stdout.write(`${JSON.stringify({ seconds, processor, user: least, rows, peakMemory: peakMemory() })}\n`)
  }).pipe(Effect.provide(NodeServices.layer))

const round = (x: number): number => Number(x.toPrecision(4))
const runs = option("runs") ?? "3"
const peers = join(import.meta.dirname, "peers")
const duckdb = (path: string, threads: "1" | "2"): typeof Measured.Type =>
  existsSync(join(peers, "node_modules/@duckdb/node-api"))
    ? child(join(peers, "duckdb.mjs"), path, threads, runs)
    : { seconds: Number.NaN, processor: Number.NaN, user: Number.NaN, rows: 0 }

const middle = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const middles = (found: ReadonlyArray<typeof Measured.Type>) => ({
  seconds: middle(found.map(({ seconds }) => seconds)),
  processor: middle(found.map(({ processor }) => processor)),
  user: middle(found.map(({ user }) => user))
})

const table = (folder: string, megabytes: number) => {
  const path = join(folder, `pairs-${megabytes}.jsonl`)
  const { bytes } = writePairs(path, megabytes * megabyte)
  // as: keys of the table of ways
  const all = Object.keys(ways) as ReadonlyArray<Way>
  // row objects, and texts to tell them apart, would fill the memory
  const fitting = all.filter((each) => each !== "row objects" || megabytes <= largestForRows)
  return fitting.map((way) => {
    const alone = way === "row objects"
    const turns = Array.from({ length: alone ? 1 : Number(option("turns") ?? "5") }, () => ({
      peer: duckdb(path, "1"),
      peerOfTwo: duckdb(path, "2"),
      found: child(import.meta.filename, `--way=${way}`, `--path=${path}`, `--runs=${alone ? 1 : runs}`)
    }))
    const found = middles(turns.map((turn) => turn.found))
    const peer = middles(turns.map((turn) => turn.peer))
    const peerOfTwo = middles(turns.map((turn) => turn.peerOfTwo))
    return {
      way,
      "file MB": round(bytes / megabyte),
      "rows written": turns[0]?.found.rows,
      seconds: round(found.seconds),
      "processor s": round(found.processor),
      "MB/s of a core": round(bytes / megabyte / found.processor),
      "DuckDB s": round(peer.seconds),
      "DuckDB processor s": round(peer.processor),
      "× DuckDB": round(found.seconds / peer.seconds),
      "× DuckDB processor": round(found.processor / peer.processor),
      "× DuckDB user": round(found.user / peer.user),
      "× DuckDB, two threads": round(found.seconds / peerOfTwo.seconds),
      "peak RSS MB": round(Math.max(...turns.map((turn) => turn.found.peakMemory ?? Number.NaN)))
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
