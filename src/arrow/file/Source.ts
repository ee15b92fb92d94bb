import type { FileSystem, Stream } from "effect"
import type { ArrowError } from "../errors.ts"
import type { FileKind, Packing } from "./fileKinds.ts"
import type { Found } from "./Found.ts"
import type { ReadOptions } from "./ReadOptions.ts"

/** A file whose kind is known, with every option told. */
export interface Source {
  readonly path: string
  readonly kind: FileKind
  readonly packing: Packing
  readonly options: Required<Omit<ReadOptions, "kind" | "onError" | "onSkip" | "columns">> &
    Pick<ReadOptions, "columns">
}

/** What a file of one kind holds, row by row. */
export type Reader = (source: Source) => Stream.Stream<Found, ArrowError, FileSystem.FileSystem>
