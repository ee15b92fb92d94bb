/**
 * Data sets of Hugging Face's hub: files by id and revision, in the cache that its own programs use.
 *
 * ```ts
 * const { files, sha } = yield* datasetFiles({ id: "owner/name", revision: "main", split: "train" })
 * ```
 */
export { type DatasetRequest, datasetFiles, type HubDataset } from "./datasetFiles.ts"
export { HubError, type HubReason } from "./errors.ts"
