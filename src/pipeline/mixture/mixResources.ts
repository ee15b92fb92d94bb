import { Effect } from "effect"
import { openTokenizer } from "../../checkpoint/mod.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { readBenchmark } from "./readBenchmark.ts"

/**
 * What the rules of a mixture ask for beside their parameters.
 *
 * Fails    CheckpointError, TextError
 */
export const mixResources = Effect.fnUntraced(function* ({ benchmarks, tokenizer }: MixtureFile) {
  const named = Object.entries(benchmarks).map(([name, benchmark]) => [name, readBenchmark(benchmark)] as const)
  const opened = tokenizer === undefined ? {} : { tokenizer: yield* openTokenizer(tokenizer) }
  return { ...opened, benchmarks: Object.fromEntries(named) }
})
