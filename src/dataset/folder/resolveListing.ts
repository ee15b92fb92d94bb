import { Effect, Result } from "effect"
import { ConfigUnknown, FolderError, SplitUnknown } from "./errors.ts"
import { match, type Plan, planFolder } from "./planFolder.ts"
import { isSaved, savedSplits } from "./savedSplits.ts"

/** The files of a data set, wherever they lie: paths below its root with "/", and how a text among them is read. */
export interface Listing<E, R> {
  readonly folder: string
  readonly files: ReadonlyArray<string>
  readonly readText: (file: string) => Effect.Effect<string, E, R>
}

/**
 * Which configuration and which split are wanted: the default one, and all splits, unless told. With `files`, patterns of paths
 * below the root, those alone are the split ("train" unless told), whatever a card says.
 */
export interface FolderOptions {
  readonly config?: string | undefined
  readonly split?: string | undefined
  readonly files?: ReadonlyArray<string> | undefined
}

/** A file of rows. */
export interface DataFile {
  readonly path: string
  readonly split: string
  readonly config: string
}

const planOf = Effect.fnUntraced(function* <E, R>(listing: Listing<E, R>, { config, files, split }: FolderOptions) {
  const fail = (reason: FolderError["reason"]) => new FolderError({ folder: listing.folder, reason })
  if (files !== undefined) {
    const matched = Result.all(files.map((pattern) => match(listing.files, pattern)))
    const found = yield* Effect.mapError(Effect.fromResult(matched), fail)
    const splits = new Map([[split ?? "train", [...new Set(found.flat())]]])
    const plan: Plan = { splits, left: [], config: config ?? "default", configs: [config ?? "default"] }
    return plan
  }
  if (isSaved(listing.files)) {
    if (config !== undefined && config !== "default")
      return yield* fail(new ConfigUnknown({ config, known: ["default"] }))
    const plan: Plan = { splits: yield* savedSplits(listing), left: [], config: "default", configs: ["default"] }
    return plan
  }
  const card = listing.files.includes("README.md") ? yield* listing.readText("README.md") : ""
  return yield* Effect.mapError(Effect.fromResult(planFolder(listing.files, card, config)), fail)
})

/**
 * The data files of a listing in the order of splits and names, and what else there is.
 *
 * Domain   `left` are files of rows that belong to no split.
 * Fails    FolderError, and what the listing fails with
 */
export const resolveListing = Effect.fn("resolveListing")(function* <E, R>(
  listing: Listing<E, R>,
  options: FolderOptions
) {
  const { split } = options
  const { config, configs, left, splits } = yield* planOf(listing, options)
  const known = [...splits.keys()]
  if (split !== undefined && !splits.has(split))
    return yield* new FolderError({ folder: listing.folder, reason: new SplitUnknown({ config, split, known }) })
  const files = [...splits]
    .filter(([name]) => split === undefined || name === split)
    .flatMap(([name, paths]) => paths.map((path): DataFile => ({ path, split: name, config })))
  return { files, config, configs, splits: known, left }
})
