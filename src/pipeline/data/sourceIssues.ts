import { placeOf, type WrittenSource } from "./placedSource.ts"

/** What is wrong at a key of a source, "" for the whole. */
export interface SourceIssue {
  readonly key: string
  readonly detail: string
}

/** What is wrong with a source as it is written, before anything is opened. */
export const sourceIssues = ({ dataset, format, path, revision }: WrittenSource): ReadonlyArray<SourceIssue> => [
  ...(dataset === undefined && path === undefined
    ? [{ key: "", detail: "has neither dataset nor path, wanted at least one" }]
    : []),
  ...(dataset !== undefined && format !== undefined
    ? [{ key: "format", detail: `is told by data set "${dataset}" already, wanted one of dataset and format` }]
    : []),
  ...(revision !== undefined && path !== undefined && !path.startsWith("hf:") && placeOf(path) === undefined
    ? [{ key: "revision", detail: `is of the hub, but the rows lie in "${path}"` }]
    : [])
]
