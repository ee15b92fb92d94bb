/**
 * Memory of the stages by number of prompts: JSON lines, indexed and picked in a drawn order as a run does → sample →
 * score → pair → Arrow file, with answers that are made up and a reward that is a rule. Memory should not grow with the number of prompts. Each number runs three times, each
 * time in a process of its own: as it comes, with a small heap, and with collections of what nobody holds.
 *
 * ```sh
 * node bench/rows.ts [--json]
 * ```
 */
import { execFileSync } from "node:child_process"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, FileSystem, Layer, Schema, Stream } from "effect"
import { Preference, Prompt, type Response } from "../schemas/mod.ts"
import { fromRows, writeArrow, writeJsonLines } from "../src/arrow/mod.ts"
import { indexPrompts, openData, pickPrompts } from "../src/pipeline/data/mod.ts"
import { promptSlice } from "../src/pipeline/mod.ts"
import { key, uniform } from "../src/random/mod.ts"
import { Policy } from "../src/sampler/mod.ts"
import { Reward } from "../src/scorer/mod.ts"
import { rules } from "../src/scorer/rule/mod.ts"
import { pair, sample, score } from "../src/stage/mod.ts"
import { peakMemory } from "./measure.ts"

const sizes = [1000, 100_000]
const wordsPerResponse = 24
const megabyte = 1024 * 1024
/** Batches between two looks at the heap, which each begin with a collection where there is one. */
const batchesPerLook = 8

/** Heap of the second run. Units: MB. */
const smallHeap = 64

const Measured = Schema.Struct({
  prompts: Schema.Int,
  pairs: Schema.Int,
  seconds: Schema.Finite,
  peakMemory: Schema.Finite,
  liveHeap: Schema.Finite,
  file: Schema.Finite
})

const words = "whale crab pearl tide oak fern moss robin apple bread spoon lamp red blue green gold".split(" ")

const phrase = (...path: ReadonlyArray<number | string>): string => {
  const chance = key(...path)
  return Array.from({ length: wordsPerResponse }, (_, i) => words[Math.floor(uniform(chance, i) * words.length)]).join(
    " "
  )
}

const promptAt = (i: number): Prompt => ({
  promptId: `prompt-${i}`,
  messages: [{ role: "user", content: `name two things from the sea, number ${i}` }]
})

const Synthetic = Policy.layerOf(({ prompts, temperatures, perTemperature, seed, iteration }) =>
  Effect.sync(() =>
    prompts.map(({ promptId, messages }) => {
      const responses = temperatures.flatMap((temperature, t) =>
        Array.from({ length: perTemperature }, (_, i): Response => {
          const number = t * perTemperature + i
          const text = phrase(seed, iteration, promptId, number)
          return { text, tokens: wordsPerResponse, finish: "stop", temperature, sample: number }
        })
      )
      return { promptId, messages, responses }
    })
  )
)

const liveHeap = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / megabyte
}

const round = (x: number): number => Number(x.toPrecision(4))

/** One run over `count` prompts, from file to file. */
const measure = Effect.fnUntraced(function* (count: number) {
  const files = yield* FileSystem.FileSystem
  const folder = yield* files.makeTempDirectoryScoped()
  const prompts = `${folder}/prompts.jsonl`
  const pairs = `${folder}/pairs.arrow`
  yield* Stream.range(0, count - 1).pipe(
    Stream.map(promptAt),
    Stream.grouped(256),
    Stream.map((rows) => fromRows(Prompt, rows)),
    writeJsonLines(prompts, Prompt)
  )
  let live = 0
  let batches = 0
  const look = Effect.sync(() => {
    if (batches++ % batchesPerLook === 0) live = Math.max(live, liveHeap())
  })
  const started = performance.now()
  const opened = yield* openData({ source: { path: prompts }, kinds: ["prompts"] })
  const index = yield* indexPrompts(prompts, opened.rows, () => true)
  const { places } = promptSlice(index.rows.length, { perIteration: count, seed: 0, iteration: 1 })
  const written = yield* pickPrompts(opened.rows, { path: prompts, index, places, spool: `${prompts}.tmp` }).pipe(
    Stream.grouped(64),
    Stream.map((rows) => fromRows(Prompt, rows)),
    sample({ temperatures: [1, 0.7], perTemperature: 4, maxNewTokens: wordsPerResponse }),
    score({ lengthPenalty: 0.001 }),
    pair({ rule: "bestWorst" }),
    Stream.tap(() => look),
    writeArrow(pairs, Preference)
  )
  return {
    prompts: count,
    pairs: written.rows,
    seconds: (performance.now() - started) / 1000,
    peakMemory: peakMemory(),
    liveHeap: live,
    file: Number((yield* files.stat(pairs)).size) / megabyte
  } satisfies typeof Measured.Type
})

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Measured))

const runWith = (flags: ReadonlyArray<string>, count: number) =>
  decode(execFileSync(process.execPath, [...flags, import.meta.filename, `--prompts=${count}`], { encoding: "utf8" }))

const rowOf = (count: number) => {
  const free = runWith([], count)
  const small = runWith([`--max-old-space-size=${smallHeap}`], count)
  const collected = runWith(["--expose-gc"], count)
  return {
    prompts: count,
    pairs: free.pairs,
    "prompts/s": round(count / free.seconds),
    "peak RSS MB": round(free.peakMemory),
    [`peak RSS MB, heap of ${smallHeap} MB`]: round(small.peakMemory),
    "peak live heap MB": round(collected.liveHeap),
    "Arrow file MB": round(free.file)
  }
}

const options = process.argv.slice(2)
const only = options.find((option) => option.startsWith("--prompts="))?.split("=")[1]

if (only === undefined) {
  const rows = sizes.map(rowOf)
  if (options.includes("--json")) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(rows)
} else {
  measure(Number(only)).pipe(
    Effect.tap((row) => Effect.sync(() => process.stdout.write(`${JSON.stringify(row)}\n`))),
    Effect.scoped,
    Effect.provide(Layer.mergeAll(Synthetic, Reward.layerOf(rules.garden), NodeServices.layer)),
    NodeRuntime.runMain
  )
}
