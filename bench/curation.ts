/**
 * Curation at the size of real data: near duplicates among 100 000 made prompts, of which some are planted copies with a word
 * or two changed, and an external shuffle of 1 000 000 rows of 1 kB. Each runs in a process of its own.
 *
 * ```sh
 * node bench/curation.ts [--json]
 * ```
 */
import { execFileSync } from "node:child_process"
import { tmpdir } from "node:os"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Schema, Stream } from "effect"
import { clusterNear, makeNearIndex, shuffleBytes } from "../src/curation/mod.ts"
import { key, threefry, uniform } from "../src/random/mod.ts"
import { peakMemory } from "./measure.ts"

const prompts = 100_000
const rows = 1_000_000
const rowBytes = 1000
const wordsPerPrompt = 60
/** Every so many prompts one is a copy of the one before it. */
const copyEvery = 10
const options = { threshold: 0.8, shingle: { of: "words", size: 3 }, permutations: 128, seed: 0 } as const

const word = (lot: number): string => `w${Math.floor(lot ** 2 * 20_000).toString(36)}`

/** Words inside a prompt that are changed in its copies; each change touches three shingles of three words. */
const changes = [15, 30, 45]

/** How many words differ from the prompt before: a copy has Jaccard 55/61 or 52/64, a decoy 49/67 and so is below 0.8. */
const changedWords = (i: number): number => {
  if (i % copyEvery === 1) return 1 + (Math.floor(i / copyEvery) % 2)
  return i % copyEvery === 2 ? changes.length : 0
}

/** A prompt of words of which some are much more frequent; the second of ten is a copy of the first, the third a decoy. */
const promptAt = (i: number): string => {
  const changed = changedWords(i)
  const chance = key(1, changed > 0 ? i - (i % copyEvery) : i)
  const words = Array.from({ length: wordsPerPrompt }, (_, j) => word(uniform(chance, j)))
  for (const at of changes.slice(0, changed)) words[at] = `new${i}x${at}`
  return words.join(" ")
}

const Measured = Schema.Record(Schema.String, Schema.Union([Schema.Finite, Schema.String]))

/** Copies that were found, and what was taken for a copy and is none. */
const found = (drops: (i: number) => boolean) => {
  let right = 0
  let wrong = 0
  for (let i = 0; i < prompts; i++) {
    if (!drops(i)) continue
    if (i % copyEvery === 1) right++
    else wrong++
  }
  return { recall: right / (prompts / copyEvery), precision: right / (right + wrong) }
}

const nearDuplicates = Effect.sync(() => {
  const texts = Array.from({ length: prompts }, (_, i) => promptAt(i))
  const before = peakMemory()
  const started = performance.now()
  const index = makeNearIndex(options)
  const dropped = texts.map((text) => {
    const ready = index(text)
    const near = ready?.nears().next().value
    if (!near) ready?.add()
    return Boolean(near)
  })
  const seconds = (performance.now() - started) / 1000
  return {
    rows: prompts,
    seconds,
    ...found((i) => dropped[i] ?? false),
    "peak RSS MB": peakMemory(),
    "before MB": before
  }
})

const clusters = Effect.sync(() => {
  const texts = Array.from({ length: prompts }, (_, i) => promptAt(i))
  const before = peakMemory()
  const started = performance.now()
  const first = clusterNear(texts, options)
  const seconds = (performance.now() - started) / 1000
  return { rows: prompts, seconds, ...found((i) => first[i] !== i), "peak RSS MB": peakMemory(), "before MB": before }
})

const rowAt = (i: number): Uint8Array => {
  const bytes = new Uint8Array(rowBytes).fill(97 + (i % 26))
  new DataView(bytes.buffer).setUint32(0, i)
  return bytes
}

const shuffled = Effect.gen(function* () {
  const before = peakMemory()
  const started = performance.now()
  const sums = { count: 0, xor: 0, rises: 0, last: -1 }
  yield* Stream.range(0, rows - 1).pipe(
    Stream.map(rowAt),
    shuffleBytes({ seed: 0, folder: tmpdir() }),
    Stream.runForEachArray((chunk) =>
      Effect.sync(() => {
        for (const bytes of chunk) {
          const i = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
          sums.count++
          sums.xor ^= threefry([0, 0], [i, 0])[0]
          if (i > sums.last) sums.rises++
          sums.last = i
        }
      })
    )
  )
  const seconds = (performance.now() - started) / 1000
  let xor = 0
  for (let i = 0; i < rows; i++) xor ^= threefry([0, 0], [i, 0])[0]
  const complete = sums.count === rows && sums.xor === xor ? "yes" : "no"
  return {
    rows,
    seconds,
    complete,
    "share of rises": sums.rises / rows,
    "peak RSS MB": peakMemory(),
    "before MB": before
  }
})

const benchmarks = { nearDuplicates, clusters, shuffle: shuffled } as const
type Name = keyof typeof benchmarks
const names = Object.keys(benchmarks) as ReadonlyArray<Name> // as: Object.keys forgets the names

const given = new Set(process.argv.slice(2))
const only = names.find((name) => given.has(`--only=${name}`))
const round = (value: number | string) => (typeof value === "number" ? Number(value.toPrecision(4)) : value)

if (only === undefined) {
  const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Measured))
  const table = names.map((name) => {
    const out = decode(execFileSync(process.execPath, [import.meta.filename, `--only=${name}`], { encoding: "utf8" }))
    return Object.fromEntries([
      ["benchmark", name],
      ...Object.entries(out).map(([what, value]) => [what, round(value)])
    ])
  })
  if (given.has("--json")) for (const row of table) process.stdout.write(`${JSON.stringify(row)}\n`)
  else console.table(table)
} else {
  const benchmark: Effect.Effect<unknown, unknown, NodeServices.NodeServices> = benchmarks[only]
  benchmark.pipe(
    Effect.tap((row) => Effect.sync(() => process.stdout.write(`${JSON.stringify(row)}\n`))),
    Effect.provide(NodeServices.layer),
    NodeRuntime.runMain
  )
}
