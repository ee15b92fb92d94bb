import { Effect } from "effect"
import { makeTokenizer } from "../text/mod.ts"
import { CheckpointError, FileMissing } from "./errors.ts"
import { readTokenizerFiles } from "./openCheckpoint.ts"

/**
 * The tokenizer of a folder that need not hold a model.
 *
 * Fails    CheckpointError: FileMissing; TextError.
 */
export const openTokenizer = Effect.fn("openTokenizer")(function* (folder: string) {
  const files = yield* readTokenizerFiles(folder)
  const json = files["tokenizer.json"]
  if (json === undefined) {
    const reason = new FileMissing({ file: "tokenizer.json" })
    return yield* new CheckpointError({ action: "open", folder, reason })
  }
  return yield* Effect.fromResult(makeTokenizer({ ...files, "tokenizer.json": json }))
})
