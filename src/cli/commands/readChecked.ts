import { Effect } from "effect"

/** A pipeline file that was read, compiled, and whose inputs were checked. Loads the pipeline room when it runs. */
export const readChecked = Effect.fn("readChecked")(function* (file: string, assignments: ReadonlyArray<string>) {
  const { checkInputs, compile, readPipeline } = yield* Effect.promise(() => import("../../pipeline/mod.ts"))
  return yield* checkInputs(yield* compile(yield* readPipeline(file, assignments)))
})
