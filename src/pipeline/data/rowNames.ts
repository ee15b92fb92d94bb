/** A path without the endings of files of rows. */
const withoutEndings = (path: string): string =>
  path.replace(/\.(jsonl|json|ndjson|txt|csv|tsv|parquet|arrow|gz|zst)(?=\.|$)/g, "")

/** The last parts of a path. */
const tail = (path: string, parts: number): string => path.split(/[\\/]/).slice(-parts).join("/")

/**
 * What the rows of each file are called after where they have no id: the file's name without endings, behind as many folders as it
 * takes to tell the files apart.
 */
export const rowNames = (files: ReadonlyArray<string>): ReadonlyArray<string> => {
  const whole = files.map(withoutEndings)
  const deepest = Math.max(...whole.map((path) => path.split(/[\\/]/).length))
  for (let parts = 1; parts <= deepest; parts++) {
    const names = whole.map((path) => tail(path, parts))
    if (new Set(names).size === files.length) return names
  }
  return files
}
