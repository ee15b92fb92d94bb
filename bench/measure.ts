import { readFileSync } from "node:fs"
import { Effect } from "effect"

/** One measured line of a benchmark. Units: seconds for one run, tokens of one run; `bytes` that one run reads at least. */
export interface Row {
  readonly shape: string
  readonly seconds: number
  readonly tokens: number
  readonly gigaflops: number
  readonly bytes?: number
}

/** Seconds of one run: the median of `runs`, after `warmUp` runs that do not count. */
export const median = <E, R>(
  effect: Effect.Effect<unknown, E, R>,
  options: { readonly warmUp: number; readonly runs: number }
): Effect.Effect<number, E, R> =>
  Effect.gen(function* () {
    const taken: Array<number> = []
    for (let i = 0; i < options.warmUp + options.runs; i++) {
      const started = performance.now()
      yield* effect
      if (i >= options.warmUp) taken.push((performance.now() - started) / 1000)
    }
    const ordered = taken.toSorted((a, b) => a - b)
    return ordered[Math.floor(ordered.length / 2)] ?? Number.NaN
  })

/** Peak resident memory of this process. Units: MB. */
export const peakMemory = (): number => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]) / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}
