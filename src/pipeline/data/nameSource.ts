import { Effect, FileSystem } from "effect"
import { DatasetError, datasets, PathUnknown } from "../../dataset/mod.ts"
import { unknownName } from "../file/nearest.ts"
import { placedSource, placeOf } from "./placedSource.ts"
import type { DataSource } from "./DataSource.ts"

/** A word alone: what files and folders are seldom called, and data sets of the table always are. */
const word = /^[A-Za-z]\w*$/

/**
 * A source whose path is the name of a data set of the table, as that data set; any other, and what lies on this machine under that
 * name, as it is.
 *
 * Fails    DatasetError (PathUnknown)
 */
export const nameSource = Effect.fnUntraced(function* (source: DataSource) {
  const { dataset, path, ...rest } = source
  if (dataset !== undefined || !word.test(path)) return source
  const fs = yield* FileSystem.FileSystem
  if (yield* Effect.orElseSucceed(fs.exists(path), () => false)) return source
  if (placeOf(path) !== undefined) return placedSource({ ...rest, dataset: path })
  const hint = unknownName(path, Object.keys(datasets))
  return yield* new DatasetError({ path, reason: new PathUnknown({ hint }) })
})
