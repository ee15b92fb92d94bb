/**
 * Folders of data as Hugging Face lays them out: which files are which split of which configuration.
 *
 * ```ts
 * const { files } = yield* resolveFolder("exports/preferences", { split: "train" })
 * ```
 */
export {
  ConfigUnknown,
  DescriptionInvalid,
  FilesMissing,
  FolderError,
  FolderUnreadable,
  PathOutside,
  SplitUnknown
} from "./errors.ts"
export { isInside } from "./isInside.ts"
export { listFolder, resolveFolder } from "./resolveFolder.ts"
export { type DataFile, type FolderOptions, type Listing, resolveListing } from "./resolveListing.ts"
