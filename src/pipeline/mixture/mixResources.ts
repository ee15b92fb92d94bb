import { Effect } from "effect"
import type { MixtureFile } from "./MixtureFile.ts"
import { readBenchmark } from "./readBenchmark.ts"

/** The tokenizer that a mixture names; what opens it is loaded when one does. */
const tokenizerOf = Effect.fnUntraced(function* (folder: string) {
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  return yield* openTokenizer(folder)
})

/**
 * What the rules of a mixture ask for beside their parameters.
 *
 * Fails    CheckpointError, TextError
 */
export const mixResources = Effect.fnUntraced(function* ({ benchmarks, tokenizer }: MixtureFile) {
  const named = Object.entries(benchmarks).map(([name, benchmark]) => [name, readBenchmark(benchmark)] as const)
  const opened = tokenizer === undefined ? {} : { tokenizer: yield* tokenizerOf(tokenizer) }
  return { ...opened, benchmarks: Object.fromEntries(named) }
})
