import { Effect } from "effect"
import { openBenchmark } from "../data/openBenchmark.ts"
import type { MixtureFile } from "./MixtureFile.ts"

/** The tokenizer that a mixture names; what opens it is loaded when one does. */
const tokenizerOf = Effect.fnUntraced(function* (folder: string) {
  const { openTokenizer } = yield* Effect.promise(() => import("../../checkpoint/mod.ts"))
  return yield* openTokenizer(folder)
})

/**
 * What the rules of a mixture ask for beside their parameters, and the files of the test sets.
 *
 * Fails    CheckpointError, TextError, FolderError, HubError
 */
export const mixResources = Effect.fnUntraced(function* ({ benchmarks, tokenizer }: MixtureFile) {
  const tests = yield* Effect.forEach(Object.entries(benchmarks), ([name, benchmark]) =>
    Effect.map(openBenchmark(benchmark), ({ files, items }) => ({ name, files, items }))
  )
  const opened = tokenizer === undefined ? {} : { tokenizer: yield* tokenizerOf(tokenizer) }
  const named = tests.map(({ items, name }) => [name, items] as const)
  const files = tests.flatMap((test) => test.files)
  return { resources: { ...opened, benchmarks: Object.fromEntries(named) }, files }
})
