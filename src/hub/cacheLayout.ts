/**
 * Where the files of a data set lie in the cache, as Hugging Face's own programs lay them out.
 *
 * Domain   `file` stays inside the data set and `oid` is hexadecimal: both are checked before they come here. `listing` is
 *          ours: what a commit holds, so that it need not be asked for twice.
 */
export const cacheLayout = (join: (...parts: Array<string>) => string, cache: string, id: string) => {
  const root = join(cache, `datasets--${id.replaceAll("/", "--")}`)
  return {
    ref: (revision: string) => join(root, "refs", revision),
    snapshot: (sha: string) => join(root, "snapshots", sha),
    pointer: (sha: string, file: string) => join(root, "snapshots", sha, file),
    blob: (oid: string) => join(root, "blobs", oid),
    listing: (sha: string) => join(root, "listings", `${sha}.json`)
  }
}
export type CacheLayout = ReturnType<typeof cacheLayout>

/** Whether a revision is a commit already. */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision)
