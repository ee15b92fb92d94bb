import { Effect, Result } from "effect"
import { KeysInvalid } from "../errors.ts"
import { decodeDocument } from "./decodeDocument.ts"
import { interpolate } from "./interpolate.ts"
import { override } from "./override.ts"
import { type Document, type KeyPath } from "./parseYaml.ts"
import { readDocument, readError } from "./readDocument.ts"
import { phaseKeys, TrainFile, trainFileOf } from "./TrainFile.ts"
import { type Written, writeFlags } from "./writeFlags.ts"

/** A training phase that was read, and where each key was written. */
export interface WrittenTraining {
  /** The path of the file, or what else it was read from. */
  readonly what: string
  readonly phase: TrainFile["train"]
  readonly at: (path: KeyPath) => string
}

/** What was written without a file: nothing yet. */
const nothing: Document = { value: {}, at: () => "" }

/**
 * Reads a training phase: a file, what flags say over it, then `--set` assignments; a key below `train` needs no prefix.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readTrainFile = Effect.fn("readTrainFile")(function* (written: {
  readonly path: string | undefined
  readonly flags?: ReadonlyArray<Written>
  readonly assignments?: ReadonlyArray<string>
}) {
  const { path, assignments = [], flags = [] } = written
  const what = path ?? "the command line"
  const document = path === undefined ? nothing : yield* readDocument(path, "training")
  const keys = Object.keys(TrainFile.fields)
  return yield* Result.succeed(writeFlags(document, flags)).pipe(
    Result.flatMap((flagged) => override(flagged, { assignments, keys, below: { key: "train", keys: phaseKeys } })),
    Result.flatMap(interpolate),
    Result.flatMap((whole) =>
      Result.map(decodeDocument(trainFileOf(whole.value))(whole), ({ train }): WrittenTraining => ({
        what,
        phase: train,
        at: whole.at
      }))
    ),
    Result.mapError((issues) => readError(what, new KeysInvalid({ issues }))),
    Effect.fromResult
  )
})
