import { Console, Effect } from "effect"
import { printJson } from "../printJson.ts"

/** Prints the columns between stages and what a run costs at most, without opening a model. */
export const explain = Effect.fn("explain")(function* (options: {
  readonly file: string
  readonly set: ReadonlyArray<string>
  readonly json: boolean
}) {
  const pipeline = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  const compiled = yield* pipeline.compile(yield* pipeline.readPipeline(options.file, options.set))
  const explanation = yield* pipeline.explain(compiled)
  yield* options.json ? printJson(explanation) : Console.log(pipeline.formatExplanation(explanation))
})
