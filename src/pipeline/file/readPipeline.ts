import { Effect, FileSystem, Result } from "effect"
import { FileUnreadable, KeysInvalid, PipelineError } from "../errors.ts"
import { decodePipeline } from "./decodePipeline.ts"
import { interpolate } from "./interpolate.ts"
import { override } from "./override.ts"
import { type KeyPath, parseYaml } from "./parseYaml.ts"
import { PipelineFile } from "./PipelineFile.ts"

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
  const files = yield* FileSystem.FileSystem
  const fail = (reason: PipelineError["reason"]) => new PipelineError({ action: "read", what: path, reason })
  const text = yield* files.readFileString(path).pipe(
    Effect.mapError(({ reason }) =>
      fail(
        new FileUnreadable({
          found: reason._tag === "NotFound" ? "no such file" : `${reason._tag} ${reason.description ?? ""}`.trim()
        })
      )
    )
  )
  return yield* parseYaml(text).pipe(
    Result.flatMap((document) => override(document, { assignments, keys: Object.keys(PipelineFile.fields) })),
    Result.flatMap(interpolate),
    Result.flatMap((document) =>
      Result.map(decodePipeline(document), (file): WrittenPipeline => ({ path, file, at: document.at }))
    ),
    Result.mapError((issues) => fail(new KeysInvalid({ issues }))),
    Effect.fromResult
  )
})
