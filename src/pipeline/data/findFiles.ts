import { Effect, FileSystem } from "effect"
import { FolderError, type FolderOptions, type Place, resolveFolder } from "../../dataset/mod.ts"
import type { DataLineage } from "./DataLineage.ts"
import type { DataSource } from "./DataSource.ts"

const prefix = "hf:"

/** The files of the first split that there is, of those that are wanted in this order; of the only one otherwise. */
const firstSplit = <A, E, R>(
  resolve: (options: FolderOptions) => Effect.Effect<A, E | FolderError, R>,
  config: string | undefined,
  [split, ...rest]: readonly [string, ...ReadonlyArray<string>]
): Effect.Effect<{ readonly found: A; readonly split: string }, E | FolderError, R> =>
  resolve({ config, split }).pipe(
    Effect.map((found) => ({ found, split })),
    Effect.catch((error) => {
      if (!(error instanceof FolderError) || error.reason._tag !== "SplitUnknown") return Effect.fail(error)
      const [only, other] = error.reason.known
      const [next, ...others] = rest
      if (next !== undefined) return firstSplit(resolve, config, [next, ...others])
      if (only !== undefined && other === undefined && only !== split) return firstSplit(resolve, config, [only])
      return Effect.fail(error)
    })
  )

const isFolder = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* fs.stat(path).pipe(
    Effect.map(({ type }) => type === "Directory"),
    Effect.orElseSucceed(() => false) // whoever reads it says what is wrong
  )
})

const fromHub = Effect.fnUntraced(function* (
  { source, place }: { readonly source: DataSource; readonly place: Place | undefined },
  wanted: readonly [string, ...ReadonlyArray<string>]
) {
  const { datasetFiles } = yield* Effect.promise(() => import("../../hub/mod.ts"))
  const { path } = source
  const config = source.config ?? place?.config
  const [id = "", named] = path.slice(prefix.length).split(/@(.*)/s)
  const revision = source.revision ?? named ?? "main"
  const listed =
    source.config === undefined && source.split === undefined && id === place?.hub ? place.files : undefined
  const get = (options: FolderOptions) => datasetFiles({ id, revision, files: listed, ...options })
  const { found, split } = yield* firstSplit(get, config, wanted)
  const files = found.files.map((file) => file.path)
  const used = found.files[0]?.config
  const { sha, splits } = found
  return { path, id, revision, sha, ...(used === undefined ? {} : { config: used }), split, splits, files }
})

/**
 * The files of a source, and where they are from: a file, a folder, or a data set of the hub. Where no split is told, it is that of
 * the named data set, else "train", else the only one.
 *
 * Fails    FolderError, HubError
 */
export const findFiles = Effect.fnUntraced(function* (source: DataSource, place?: Place) {
  const { path, split } = source
  const wanted: readonly [string, ...ReadonlyArray<string>] =
    split === undefined ? (place === undefined ? ["train"] : [place.split, "train"]) : [split]
  if (path.startsWith(prefix)) return yield* fromHub({ source, place }, wanted)
  if (!(yield* isFolder(path))) return { path, files: [path] } satisfies DataLineage
  const { found, split: used } = yield* firstSplit((options) => resolveFolder(path, options), source.config, wanted)
  const { config, files, splits } = found
  const lineage: DataLineage = { path, config, split: used, splits, files: files.map((file) => file.path) }
  return lineage
})
