import { Console, Effect } from "effect"
import type { CheckedTraining } from "../../pipeline/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"

/**
 * Prints the peak memory that a training would have, part by part, and trains nothing.
 *
 * Fails    PipelineError; BadInput where it does not fit into its memory.
 */
export const explainTraining = Effect.fn("explainTraining")(function* (
  checked: CheckedTraining,
  options: { readonly json: boolean }
) {
  const pipeline = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const memory = yield* pipeline.explainTraining(checked, { budget: yield* pipeline.defaultBudget })
  if (options.json) yield* printJson({ event: "explanation", ...memory, sources: checked.sources })
  else {
    const sources = Object.entries(pipeline.foundTexts(checked.sources)).map(([key, found]) => `${key}: ${found}`)
    yield* Console.log(
      [...sources, pipeline.formatMemory(memory).join("  "), ...pipeline.formatParts(memory)].join("\n")
    )
  }
  if (memory.refused === undefined) return
  return yield* new BadInput({ message: `Cannot train into "${checked.phase.into}": ${memory.refused}` })
})
