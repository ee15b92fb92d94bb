import { Effect, Result } from "effect"
import { KeysInvalid } from "../errors.ts"
import { decodeDocument } from "../file/decodeDocument.ts"
import { interpolate } from "../file/interpolate.ts"
import { override } from "../file/override.ts"
import type { KeyPath } from "../file/parseYaml.ts"
import { readDocument, readError } from "../file/readDocument.ts"
import { MixtureFile } from "./MixtureFile.ts"

/** A mixture that was read: what it says, where it lies, and where each key was written. */
export interface WrittenMixture {
  readonly path: string
  readonly file: MixtureFile
  readonly at: (path: KeyPath) => string
}

/**
 * Reads a mixture file, with `--set` assignments applied and arguments filled in.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readMixture = Effect.fn("readMixture")(function* (path: string, assignments: ReadonlyArray<string> = []) {
  return yield* Result.succeed(yield* readDocument(path, "mixture")).pipe(
    Result.flatMap((document) => override(document, { assignments, keys: Object.keys(MixtureFile.fields) })),
    Result.flatMap(interpolate),
    Result.flatMap((document) =>
      Result.map(decodeDocument(MixtureFile)(document), (file): WrittenMixture => ({ path, file, at: document.at }))
    ),
    Result.mapError((issues) => readError(path, new KeysInvalid({ issues }))),
    Effect.fromResult
  )
})
