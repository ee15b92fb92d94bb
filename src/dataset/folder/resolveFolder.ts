import { Effect, FileSystem, Path } from "effect"
import { FolderError, FolderUnreadable } from "./errors.ts"
import { type FolderOptions, resolveListing } from "./resolveListing.ts"

/** Paths of all files below a folder, parts separated by "/". */
export const listFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const names = yield* fs.readDirectory(folder, { recursive: true })
  const kept = yield* Effect.filter(names, (name) =>
    fs.stat(path.join(folder, name)).pipe(
      Effect.map(({ type }) => type === "File"),
      Effect.orElseSucceed(() => false) // a link to nothing
    )
  )
  return kept.map((name) => name.replaceAll(path.sep, "/")).toSorted()
})

/**
 * The data files of a local folder: as its card says, as `save_to_disk` left them, or by their names.
 *
 * Fails    FolderError: FolderUnreadable, DescriptionInvalid, ConfigUnknown, SplitUnknown, PathOutside, FilesMissing
 */
export const resolveFolder = Effect.fn("resolveFolder")(function* (folder: string, options: FolderOptions = {}) {
  const fs = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const unreadable = Effect.mapError(
    (cause: { readonly reason: { readonly _tag: string }; readonly message: string }) =>
      new FolderError({
        folder,
        reason: new FolderUnreadable({
          found: cause.reason._tag === "NotFound" ? "no such folder" : cause.message,
          cause
        })
      })
  )
  const listed = yield* listFolder(folder).pipe(unreadable)
  const readText = (file: string) => fs.readFileString(join(folder, file)).pipe(unreadable)
  const resolved = yield* resolveListing({ folder, files: listed, readText }, options)
  const files = resolved.files.map(({ config, path, split }) => ({ path: join(folder, path), split, config }))
  return { ...resolved, folder, files }
})
