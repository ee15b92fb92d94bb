import { Effect, Result } from "effect"
import { KeysInvalid } from "../errors.ts"
import { decodeDocument } from "./decodeDocument.ts"
import { interpolate } from "./interpolate.ts"
import { override } from "./override.ts"
import type { KeyPath } from "./parseYaml.ts"
import { PipelineFile } from "./PipelineFile.ts"
import { readDocument, readError } from "./readDocument.ts"

/** A pipeline that was read: what it says, where it lies, and where each key was written. */
export interface WrittenPipeline {
  readonly path: string
  readonly file: PipelineFile
  readonly at: (path: KeyPath) => string
}

/**
 * Reads a pipeline file, with `--set` assignments applied and arguments filled in.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readPipeline = Effect.fn("readPipeline")(function* (
  path: string,
  assignments: ReadonlyArray<string> = []
) {
  return yield* Result.succeed(yield* readDocument(path, "pipeline")).pipe(
    Result.flatMap((document) => override(document, { assignments, keys: Object.keys(PipelineFile.fields) })),
    Result.flatMap(interpolate),
    Result.flatMap((document) =>
      Result.map(decodeDocument(PipelineFile)(document), (file): WrittenPipeline => ({ path, file, at: document.at }))
    ),
    Result.mapError((issues) => readError(path, new KeysInvalid({ issues }))),
    Effect.fromResult
  )
})
