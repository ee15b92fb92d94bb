import type { DataSource } from "../data/DataSource.ts"
import { knownOf } from "./filtersOf.ts"
import type { MixtureSource } from "./MixtureSource.ts"

/** Where the rows of a source lie, and how they are shaped: as it is written, or where the table says. */
export const sourceOf = (source: MixtureSource): DataSource => {
  const { config, dataset, format, limit, path, revision, split } = source
  return { path: path ?? `hf:${knownOf(source)?.place.hub ?? ""}`, config, dataset, format, limit, revision, split }
}
