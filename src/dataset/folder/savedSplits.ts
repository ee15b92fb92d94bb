import { Effect, Schema } from "effect"
import { DescriptionInvalid, FilesMissing, FolderError, PathOutside } from "./errors.ts"
import { isInside } from "./isInside.ts"
import type { Listing } from "./resolveListing.ts"

const Dictionary = Schema.fromJsonString(Schema.Struct({ splits: Schema.Array(Schema.String) }))
const State = Schema.fromJsonString(
  Schema.Struct({
    _data_files: Schema.Array(Schema.Struct({ filename: Schema.String })),
    _split: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)

/** Whether a folder was written by `save_to_disk` of Hugging Face's data sets. */
export const isSaved = (files: ReadonlyArray<string>): boolean =>
  files.includes("dataset_dict.json") || files.includes("state.json")

/**
 * The Arrow files of a folder that `save_to_disk` wrote, by split; a single data set is its own split, or "train".
 *
 * Fails    FolderError (DescriptionInvalid, PathOutside, FilesMissing), and what the listing fails with
 */
export const savedSplits = Effect.fnUntraced(function* <E, R>({ files, folder, readText }: Listing<E, R>) {
  const fail = (reason: FolderError["reason"]) => new FolderError({ folder, reason })
  const read = Effect.fnUntraced(function* <A>(file: string, schema: Schema.Codec<A, string>, wanted: string) {
    const decoded = Schema.decodeUnknownEffect(schema)(yield* readText(file))
    return yield* Effect.mapError(decoded, ({ message }) =>
      fail(new DescriptionInvalid({ file, found: message.replaceAll(/\s+/g, " "), wanted }))
    )
  })
  const filesOf = Effect.fnUntraced(function* (below: string) {
    const state = yield* read(`${below}state.json`, State, "_data_files with a filename each")
    const paths = state._data_files.map(({ filename }) => `${below}${filename}`)
    const outside = paths.find((path) => !isInside(path))
    if (outside !== undefined) return yield* fail(new PathOutside({ found: outside }))
    const missing = paths.find((path) => !files.includes(path))
    if (missing !== undefined) return yield* fail(new FilesMissing({ pattern: missing }))
    return { split: state._split ?? "train", paths }
  })
  if (!files.includes("dataset_dict.json")) {
    const { paths, split } = yield* filesOf("")
    return new Map([[split, paths]])
  }
  const { splits } = yield* read("dataset_dict.json", Dictionary, "splits, a list of names")
  const found = yield* Effect.forEach(splits, (split) =>
    Effect.map(filesOf(`${split}/`), ({ paths }) => [split, paths] as const)
  )
  return new Map(found)
})
