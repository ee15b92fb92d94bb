import { Effect, FileSystem, Result } from "effect"
import { systemFault } from "../../arrow/mod.ts"
import { FileUnreadable, KeysInvalid, PipelineError } from "../errors.ts"
import { fileKind } from "./fileKind.ts"
import { parseYaml } from "./parseYaml.ts"

/** An error of reading. */
export const readError = (what: string, reason: PipelineError["reason"]) =>
  new PipelineError({ action: "read", what, reason })

/**
 * Reads a file of YAML, of whatever kind.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readYaml = Effect.fn("readYaml")(function* (path: string, wanted: FileUnreadable["wanted"]) {
  const files = yield* FileSystem.FileSystem
  const text = yield* files.readFileString(path).pipe(
    Effect.mapError((error) => {
      const detail = error.reason._tag === "NotFound" ? "found no such file" : systemFault(error)
      return readError(path, new FileUnreadable({ detail, wanted }))
    })
  )
  return yield* Effect.fromResult(
    Result.mapError(parseYaml(text), (issues) => readError(path, new KeysInvalid({ issues })))
  )
})

/** The command that takes a file of each kind. */
const takers = { pipeline: "run", training: "train", mixture: "data mix" }

/**
 * Reads a file of YAML of one kind.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readDocument = Effect.fn("readDocument")(function* (path: string, wanted: FileUnreadable["wanted"]) {
  const document = yield* readYaml(path, wanted)
  const kind = fileKind(document.value)
  if (kind === undefined || wanted === "rules" || kind === wanted) return document
  const detail = `found a ${kind} file, which "prefloop ${takers[kind]}" takes`
  return yield* readError(path, new FileUnreadable({ detail, wanted }))
})
