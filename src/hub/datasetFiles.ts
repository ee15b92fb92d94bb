import { Effect, FileSystem, type PlatformError } from "effect"
import { type DataFile, type FolderOptions, isInside, resolveListing } from "../dataset/folder/mod.ts"
import { CacheRefused, HubError, type HubReason, RequestInvalid } from "./errors.ts"
import { openRepository } from "./openRepository.ts"
import { type HubOptions, readSettings } from "./readSettings.ts"

/** Which data set of the hub is wanted, at which revision ("main" unless told), and which of its files. */
export interface DatasetRequest extends FolderOptions, HubOptions {
  readonly id: string
  readonly revision?: string | undefined
}

/** Files of a data set in the cache; `sha` is the commit they are of, for the lineage. */
export interface HubDataset {
  readonly id: string
  readonly revision: string
  readonly sha: string
  readonly folder: string
  readonly files: ReadonlyArray<DataFile>
  readonly splits: ReadonlyArray<string>
  readonly left: ReadonlyArray<string>
}

/** Files that are downloaded at the same time. */
const concurrency = 4

const isId = (id: string): boolean => /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(id) && !/\.\.|--/.test(id)

/**
 * The files of a data set of Hugging Face's hub, brought into its cache where they are not there yet.
 *
 * A commit that was had before is not asked for again; a branch is, unless offline. What breaks off is gone on with.
 *
 * Source   HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_CACHE, HF_HOME of the environment; options go before them.
 * Fails    HubError, FolderError (ConfigUnknown, SplitUnknown, DescriptionInvalid, PathOutside, FilesMissing)
 */
export const datasetFiles = Effect.fn("datasetFiles")(function* (request: DatasetRequest) {
  const { id, revision = "main" } = request
  const fs = yield* FileSystem.FileSystem
  const told = Effect.mapError((error: HubReason | PlatformError.PlatformError) => {
    const reason = error._tag === "PlatformError" ? new CacheRefused({ cause: error }) : error
    return new HubError({ id, revision, reason })
  })
  const refuse = (found: string, wanted: string) => told(Effect.fail(new RequestInvalid({ found, wanted })))
  if (!isId(id)) return yield* refuse(`id ${JSON.stringify(id)}`, '"owner/name"')
  if (!isInside(revision)) return yield* refuse("this revision", "a branch, a tag or a commit")
  const settings = yield* told(readSettings(request))
  const repository = yield* openRepository(settings, id, revision).pipe(told)
  const { files, folder, sha } = repository
  const get = (file: string) => repository.get(file).pipe(told)
  const readText = (file: string) => Effect.flatMap(get(file), (path) => told(fs.readFileString(path)))
  const resolved = yield* resolveListing({ folder: `${id}@${sha}`, files, readText }, request)
  const had = yield* Effect.forEach(
    resolved.files,
    (file) => Effect.map(get(file.path), (path) => ({ ...file, path })),
    { concurrency }
  )
  const dataset: HubDataset = { id, revision, sha, folder, files: had, splits: resolved.splits, left: resolved.left }
  return dataset
})
