import { Effect, FileSystem, Stream } from "effect"
import type { DataSource } from "../data/mod.ts"

/** Names of what is no file of JSON lines: other kinds of file, and data sets of the hub. */
const others = /\.(csv|tsv|parquet|arrow|feather|ipc)(\.gz|\.zst)?$|\.zst$|^hf:/

/** Bytes of a file that say whether it is an array. */
const front = 1024

/**
 * Whether a source is read as JSON lines, by places in its file: all but named data sets, folders, data sets of the hub, files whose names say
 * otherwise, and files named .json that begin with an array.
 */
export const isLines = Effect.fnUntraced(function* ({ dataset, path }: DataSource) {
  if (dataset !== undefined || others.test(path)) return false
  const fs = yield* FileSystem.FileSystem
  const isFolder = fs.stat(path).pipe(
    Effect.map(({ type }) => type === "Directory"),
    Effect.orElseSucceed(() => false) // whoever reads it says what is wrong
  )
  if (yield* isFolder) return false
  if (!path.endsWith(".json")) return true
  const text = fs.stream(path, { bytesToRead: front }).pipe(
    Stream.decodeText,
    Stream.mkString,
    Effect.orElseSucceed(() => "")
  )
  return !(yield* text).trimStart().startsWith("[")
})
