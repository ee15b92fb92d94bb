/**
 * Where records come from.
 *
 * Domain   `files` are paths as they can be opened; `sha` is the commit that a revision of the hub named; `detected` says that the
 *          format was found in the rows and not told.
 */
export interface DataLineage {
  readonly path: string
  readonly id?: string
  readonly revision?: string
  readonly sha?: string
  readonly config?: string
  readonly split?: string
  readonly splits?: ReadonlyArray<string>
  readonly files: ReadonlyArray<string>
  readonly dataset?: string
  readonly format?: string
  readonly detected?: true
}

/** How the rows were read, in words: `format "alpaca", found in the first rows`. */
export const shapeText = ({ dataset, detected, format }: DataLineage): string =>
  dataset === undefined
    ? `format "${format ?? ""}"${detected ? ", found in the first rows" : ""}`
    : `data set "${dataset}"`

/** Where the rows lie, in words. */
export const placeText = ({ config, files, id, path, revision, sha, split, splits = [] }: DataLineage): string => {
  const place = id === undefined ? `"${path}"` : `data set "${id}" of the hub, revision "${revision}" (${sha})`
  const of = splits.length > 1 ? ` of ${splits.map((name) => `"${name}"`).join(", ")}` : ""
  const parts = [
    ...(config === undefined || config === "default" ? [] : [`configuration "${config}"`]),
    ...(split === undefined ? [] : [`split "${split}"${of}`]),
    ...(split === undefined ? [] : [`${files.length} ${files.length === 1 ? "file" : "files"}`])
  ]
  return [place, ...parts].join(", ")
}
