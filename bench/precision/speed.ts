import { readFileSync } from "node:fs"
import { Effect } from "effect"
import type { Checkpoint } from "../../src/checkpoint/mod.ts"
import { key, uniform } from "../../src/random/mod.ts"
import { type KeptFormats, openDecoder } from "../../src/sampler/mod.ts"
import { drawRows } from "../drawRows.ts"
import { median, peakMemory } from "../measure.ts"

const prompt = 32
const fresh = 64

/** What the process holds now, after a collection where node was started with --expose-gc. Units: MB. */
const resident = (): number => {
  globalThis.gc?.()
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024
  } catch {
    return process.memoryUsage.rss() / 1e6
  }
}

/** Tokens a second at `slots` rows, the prompts' time taken off, what opening and drawing added to the process, and its peak. Units: MB. */
export const speed = Effect.fnUntraced(function* (checkpoint: Checkpoint, formats: KeptFormats, slots: number) {
  const before = resident()
  const decoder = yield* openDecoder(checkpoint, { slots, slotTokens: prompt + fresh, ...formats })
  let runs = 0
  // every run has prompts of its own, so that none is found in the cache
  const run = (maxNewTokens: number) =>
    Effect.suspend(() => {
      runs += 1
      const id = (row: number, i: number) =>
        Math.floor(uniform(key("bench", runs, row), i) * checkpoint.config.vocab_size)
      const rows = Array.from({ length: slots }, (_, row) => ({
        prompt: Int32Array.from({ length: prompt }, (_id, i) => id(row, i)),
        temperature: 1,
        key: key("bench", row),
        maxNewTokens
      }))
      return drawRows(decoder, rows)
    })
  const once = yield* median(run(1), { warmUp: 1, runs: 5 })
  const whole = yield* median(run(1 + fresh), { warmUp: 1, runs: 5 })
  return { tokensPerSecond: (slots * fresh) / (whole - once), added: resident() - before, peak: peakMemory() }
}, Effect.scoped)
