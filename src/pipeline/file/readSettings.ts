import { Effect, Result, type Schema } from "effect"
import { type FileUnreadable, KeysInvalid } from "../errors.ts"
import { decodeDocument } from "./decodeDocument.ts"
import { interpolate } from "./interpolate.ts"
import { override } from "./override.ts"
import type { KeyPath } from "./parseYaml.ts"
import { readDocument, readError } from "./readDocument.ts"

/** A file that was read: what it says, where it lies, and where each key was written. */
export interface WrittenFile<A> {
  readonly path: string
  readonly file: A
  readonly at: (path: KeyPath) => string
}

/**
 * Reads files of one kind, with `--set` assignments applied and arguments filled in.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readSettings = <A>(
  schema: Schema.Codec<A, unknown> & { readonly fields: Readonly<Record<string, unknown>> },
  wanted: FileUnreadable["wanted"]
) =>
  Effect.fn("readSettings")(function* (path: string, assignments: ReadonlyArray<string> = []) {
    return yield* Result.succeed(yield* readDocument(path, wanted)).pipe(
      Result.flatMap((document) => override(document, { assignments, keys: Object.keys(schema.fields) })),
      Result.flatMap(interpolate),
      Result.flatMap((document) =>
        Result.map(decodeDocument(schema)(document), (file): WrittenFile<A> => ({ path, file, at: document.at }))
      ),
      Result.mapError((issues) => readError(path, new KeysInvalid({ issues }))),
      Effect.fromResult
    )
  })
