import { Effect, FileSystem, Result } from "effect"
import { systemFault } from "../../arrow/mod.ts"
import { FileUnreadable, KeysInvalid, PipelineError } from "../errors.ts"
import { type Document, parseYaml } from "./parseYaml.ts"

/** An error of reading. */
export const readError = (what: string, reason: PipelineError["reason"]) =>
  new PipelineError({ action: "read", what, reason })

/**
 * Reads a file of YAML.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readDocument = Effect.fn("readDocument")(function* (path: string, wanted: FileUnreadable["wanted"]) {
  const files = yield* FileSystem.FileSystem
  const text = yield* files.readFileString(path).pipe(
    Effect.mapError((error) => {
      const detail = error.reason._tag === "NotFound" ? "found no such file" : systemFault(error)
      return readError(path, new FileUnreadable({ detail, wanted }))
    })
  )
  return yield* Effect.fromResult(
    Result.mapError(parseYaml(text), (issues) => readError(path, new KeysInvalid({ issues })))
  ) satisfies Effect.Effect<Document, PipelineError>
})
