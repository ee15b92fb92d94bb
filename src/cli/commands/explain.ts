import { Console, Effect } from "effect"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"

/**
 * Prints the columns between stages and what a run costs at most, without opening a model; of data, the first rows are read.
 *
 * Fails    PipelineError; BadInput where a training phase does not fit into its memory.
 */
export const explain = Effect.fn("explain")(function* (options: {
  readonly file: string
  readonly set: ReadonlyArray<string>
  readonly json: boolean
}) {
  const pipeline = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const compiled = yield* pipeline.compile(yield* pipeline.readPipeline(options.file, options.set))
  const explanation = yield* pipeline.explain(compiled, { budget: yield* pipeline.defaultBudget })
  yield* options.json ? printJson(explanation) : Console.log(pipeline.formatExplanation(explanation))
  const refused = explanation.memory.flatMap((phase) =>
    phase.refused === undefined ? [] : [`phase "${phase.phase}": ${phase.refused}`]
  )
  if (refused.length > 0) {
    return yield* new BadInput({ message: `Cannot run "${explanation.name}": ${refused.join("\n")}` })
  }
})
