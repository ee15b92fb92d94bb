import { Effect, FileSystem, Result } from "effect"
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
    Effect.mapError(({ reason }) => {
      const found = reason._tag === "NotFound" ? "no such file" : `${reason._tag} ${reason.description ?? ""}`.trim()
      return readError(path, new FileUnreadable({ found, wanted }))
    })
  )
  return yield* Effect.fromResult(
    Result.mapError(parseYaml(text), (issues) => readError(path, new KeysInvalid({ issues })))
  ) satisfies Effect.Effect<Document, PipelineError>
})
