/**
 * Sampling beside llama.cpp and transformers.js: the same weights in float32, the same prompts, batch and threads, by turns.
 * The programs are a package of their own: `npm install --prefix bench/readers`.
 *
 * ```sh
 * npm run bench -- decode-peers [MODEL] [--batch 16] [--threads 2] [--runs 3] [--json]
 * ```
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { text } from "node:stream/consumers"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Schema } from "effect"
import { openCheckpoint, openSource } from "../src/checkpoint/mod.ts"
import { exportModel, exports, planExport } from "../src/export/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { OnnxRuntime } from "../src/runtime/mod.ts"
import { openDecoder, rolloutChunkTokens } from "../src/sampler/mod.ts"
import { drawRows } from "./drawRows.ts"
import { isInstalled } from "./readers/compare.ts"

const length = 128
const fresh = 128

const { positionals, values } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    batch: { type: "string", default: "16" },
    threads: { type: "string", default: "2" },
    runs: { type: "string", default: "3" },
    json: { type: "boolean", default: false }
  }
})
const [model = "../shared/models/minimind2-small"] = positionals
const [batch, threads, runs] = [Number(values.batch), Number(values.threads), Number(values.runs)]

const peers = {
  "node-llama-cpp": { reader: "llamaCpp", script: "llamaCppDecode.mjs", format: "gguf", dtype: "float32" },
  "transformers.js": { reader: "transformersJs", script: "transformersJsDecode.mjs", format: "onnx", dtype: "float32" }
} as const

const Answer = Schema.fromJsonString(Schema.Struct({ seconds: Schema.Array(Schema.Finite) }))

const middle = (seconds: ReadonlyArray<number>): number =>
  seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN

/** Ids of no particular meaning, others in every round, so that no prompt is found in a cache. */
const promptsOf = (vocabulary: number, round: number) =>
  Array.from({ length: batch }, (_, row) =>
    Array.from({ length }, (_id, i) => 300 + Math.floor(uniform(key("peers", round, row), i) * (vocabulary - 300)))
  )

/** A peer in a process of its own. */
const askPeer = (script: string, question: object) =>
  Effect.promise(async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, "readers", script)], { stdio: "pipe" })
    child.stdin.end(JSON.stringify(question))
    const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (said === "") throw new Error(`${script} ended without an answer: ${complained}`)
    return said
  }).pipe(Effect.flatMap((said) => Effect.orDie(Schema.decodeUnknownEffect(Answer)(said))))

/** Our own engine; rows end at no token before the last, as in the peers. */
const ours = Effect.gen(function* () {
  const { config, family, folder, weights } = yield* openCheckpoint(model, "causal")
  const decoder = yield* openDecoder(
    { config, family, folder, weights },
    { slots: batch, slotTokens: length + fresh + 8, chunkTokens: rolloutChunkTokens }
  )
  let round = 0
  const run = (maxNewTokens: number) =>
    Effect.suspend(() => {
      round += 1
      const rows = promptsOf(config.vocab_size, round).map((ids, row) => ({
        prompt: Int32Array.from(ids),
        temperature: 1,
        key: key("draw", row),
        maxNewTokens
      }))
      const started = performance.now()
      return Effect.map(drawRows(decoder, rows), () => (performance.now() - started) / 1000)
    })
  yield* run(2)
  const seconds: Array<number> = []
  let longestBlock = 0
  for (let i = 0; i < runs; i++) {
    const once = yield* run(1)
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    seconds.push((yield* run(1 + fresh)) - once)
    delay.disable()
    longestBlock = Math.max(longestBlock, delay.max / 1e6)
  }
  return { seconds, longestBlock }
}).pipe(Effect.scoped)

const measure = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const { config } = yield* openCheckpoint(model, "causal")
  const found = yield* ours
  const rate = (seconds: number) => Math.round((batch * fresh) / seconds)
  const own = middle(found.seconds)
  const rows: Array<Record<string, string | number>> = [
    {
      benchmark: "decode-peers",
      engine: "prefloop",
      shape: `batch ${batch}, ${length}+${fresh}`,
      threads,
      "tokens/s": rate(own),
      "longest block of the event loop, ms": Number(found.longestBlock.toFixed(1))
    }
  ]
  for (const [engine, { dtype, format, reader, script }] of Object.entries(peers)) {
    if (!isInstalled(reader)) continue
    const into = join(yield* fs.makeTempDirectoryScoped(), format === "gguf" ? "model.gguf" : "model")
    yield* exportModel(yield* planExport(exports)({ model, format, dtype, into }), yield* openSource(model))
    const prompts = promptsOf(config.vocab_size, 0)
    const { seconds } = yield* askPeer(script, { model: into, prompts, fresh, threads, runs })
    const peer = middle(seconds)
    rows.push({
      benchmark: "decode-peers",
      engine,
      shape: `batch ${batch}, ${length}+${fresh}`,
      threads,
      "tokens/s": rate(peer),
      "prefloop is quicker by": Number((peer / own).toFixed(2))
    })
  }
  if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(rows)
}).pipe(Effect.scoped)

measure.pipe(
  Effect.provide(OnnxRuntime.layer({ threads }).pipe(Layer.provideMerge(NodeServices.layer))),
  NodeRuntime.runMain
)
