import { spawnSync } from "node:child_process"
import { join } from "node:path"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Console, Effect, Layer } from "effect"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { bandwidthPeak } from "./bandwidth.ts"
import { decode } from "./decode.ts"
import { dpoStep } from "./dpoStep.ts"
import { gemmPeak } from "./gemm.ts"
import { peakMemory, type Row } from "./measure.ts"
import { rollout } from "./rollout.ts"
import { score } from "./score.ts"

const benchmarks = {
  decode: decode([1, 8, 16, 32]),
  "dpo-step": dpoStep,
  rollout: rollout({ prompts: 64, responses: 8 }),
  score
}

/** Benchmarks that measure a process of their own. */
const scripts = {
  curation: "curation.ts",
  columns: "columns.ts",
  rows: "rows.ts",
  trl: "trl.ts",
  files: "files.ts",
  memory: "memory.ts",
  "chat-rollout": "chatRollout.ts",
  "event-loop": "eventLoop.ts",
  growth: "growth.ts",
  "decode-peers": "decodePeers.ts",
  export: "export.ts",
  exportData: "exportData.ts",
  precision: "precision.ts",
  "score-peers": "scorePeers.ts"
}

const [name = "", ...options] = process.argv.slice(2)
const usage = `Usage: npm run bench -- ${[...Object.keys(benchmarks), ...Object.keys(scripts)].join("|")} [--json] [--threads=N]`
const threads = Number(options.find((option) => option.startsWith("--threads="))?.split("=")[1] ?? 2)

const round = (x: number): number => Number(x.toPrecision(4))

const run = (benchmark: (typeof benchmarks)[keyof typeof benchmarks]) =>
  Effect.gen(function* () {
    const peak = yield* gemmPeak
    const bandwidth = yield* bandwidthPeak
    const measured: ReadonlyArray<Row> = yield* benchmark
    const rows = measured.map((row) => ({
      benchmark: name,
      shape: row.shape,
      "tokens/s": round(row.tokens / row.seconds),
      seconds: round(row.seconds),
      "GFLOP/s": round(row.gigaflops),
      "share of GEMM peak": round(row.gigaflops / peak),
      "GEMM peak GFLOP/s": round(peak),
      "share of bandwidth": row.bytes === undefined ? "-" : round(row.bytes / row.seconds / 1e9 / bandwidth),
      "bandwidth GB/s": round(bandwidth),
      "peak RSS MB": round(peakMemory()),
      threads
    }))
    if (!options.includes("--json")) return console.table(rows)
    for (const row of rows) yield* Console.log(JSON.stringify(row))
  })

if (name in benchmarks) {
  const benchmark = benchmarks[name as keyof typeof benchmarks] // as: `in` has just checked the name
  run(benchmark).pipe(
    Effect.provide(OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))),
    NodeRuntime.runMain
  )
} else if (name in scripts) {
  const script = join(import.meta.dirname, scripts[name as keyof typeof scripts]) // as: `in` has just checked the name
  process.exitCode = spawnSync(process.execPath, [script, ...options], { stdio: "inherit" }).status ?? 1
} else {
  process.stderr.write(`${usage}\n`)
  process.exitCode = 2
}
