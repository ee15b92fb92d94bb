import type { Effect } from "effect"
import type { ArrowError } from "../errors.ts"
import type { FileKind } from "./fileKinds.ts"

/** Rows that were left out, and why: one, unless a whole group of a columnar file was lost. */
export interface Skipped {
  readonly error: ArrowError
  readonly rows: number
}

/**
 * How a file is read.
 *
 * Units    `maxLineBytes` in bytes of a line, of an element of a JSON array or of a CSV record (64 MiB unless told);
 *          `maxDepth` in arrays and objects around a value (256 unless told).
 * Domain   `kind` overrides what the name says. `onError` "stop" (unless told) fails at the first row that cannot be
 *          read; "skip" tells `onSkip` and goes on behind it, where the file still says where the next row begins.
 *          `duplicateKeys` "refuse" (unless told) or "keepLast", which JSON.parse does in silence.
 *          `values` "objects" (unless told) refuses lines of JSON that hold another value; "any" takes all of them.
 *          `columns` of Parquet and Arrow files that are wanted (all unless told).
 */
export interface ReadOptions {
  readonly kind?: FileKind
  readonly onError?: "stop" | "skip"
  readonly onSkip?: (skipped: Skipped) => Effect.Effect<void>
  readonly maxLineBytes?: number
  readonly maxDepth?: number
  readonly duplicateKeys?: "refuse" | "keepLast"
  readonly values?: "objects" | "any"
  readonly columns?: ReadonlyArray<string>
}
