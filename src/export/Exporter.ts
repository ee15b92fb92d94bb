import type { Effect, FileSystem, Path, PlatformError } from "effect"
import type { CheckpointError, Kind, ModelSource } from "../checkpoint/mod.ts"
import type { RuntimeError } from "../runtime/mod.ts"
import type { ExportReason } from "./errors.ts"

/** What is written: a model, under a name that nobody reads yet, and what is told after each weight. */
export interface Writing {
  readonly source: ModelSource
  readonly dtype: string
  readonly path: string
  readonly onWeight: Effect.Effect<void>
}

/** A format that other programs read. */
export interface Exporter {
  /** What reads it, in a few words. */
  readonly readers: string
  readonly makes: "file" | "folder"
  /** How weights can be stored, the usual way first. */
  readonly dtypes: ReadonlyArray<string>
  /** The models that can be written; all when absent. */
  readonly kind?: Kind
  readonly write: (
    writing: Writing
  ) => Effect.Effect<
    void,
    ExportReason | RuntimeError | CheckpointError | PlatformError.PlatformError,
    FileSystem.FileSystem | Path.Path
  >
}
