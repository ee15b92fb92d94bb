import { Effect, type FileSystem, Stream } from "effect"
import { ArrowError, KindUnknown } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"
import { kindOfName, knownEndings } from "./fileKinds.ts"
import { jsonLineRows } from "./jsonLineRows.ts"
import type { ReadOptions } from "./ReadOptions.ts"
import { settle } from "./settle.ts"
import type { Source } from "./Source.ts"

const mebibyte = 1024 * 1024
const defaults = { maxLineBytes: 64 * mebibyte, maxDepth: 256, duplicateKeys: "refuse" } as const

const sourceOf = (path: string, options: ReadOptions): Effect.Effect<Source, ArrowError> => {
  const { kind: named, packing } = kindOfName(path)
  const kind = options.kind ?? named
  if (kind === undefined)
    return Effect.fail(new ArrowError({ action: "read", path, reason: new KindUnknown({ known: knownEndings }) }))
  return Effect.succeed({ path, kind, packing, options: { ...defaults, ...options } })
}

/**
 * The rows of a file as it is read: JSON lines, a JSON document, CSV, TSV, lines of text, Parquet or Arrow IPC, also
 * packed by gzip or zstd. What it is comes from its name, unless told, and is checked against its first bytes.
 *
 * Fails    ArrowError
 */
export const readRows = (
  path: string,
  options: ReadOptions = {}
): Stream.Stream<RawRow, ArrowError, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.map(sourceOf(path, options), (source) => settle(options)(jsonLineRows(source))))
