import { datasets, type Place, type Source } from "../../dataset/mod.ts"
import type { DataSource } from "./DataSource.ts"

/** A source as a person writes it: where rows lie may be left out where a data set of the table is named. */
export interface WrittenSource extends Omit<DataSource, "path"> {
  readonly path?: string | undefined
}

const table: Readonly<Record<string, Source>> = datasets

/** Where a data set of the table lies; undefined where the table has none of this name. */
export const placeOf = (dataset: string): Place | undefined =>
  Object.hasOwn(table, dataset) ? table[dataset]?.place : undefined

/** Where rows lie, and how they are shaped: as it is written, or where the table says. */
export const placedSource = ({ path, ...source }: WrittenSource): DataSource => ({
  ...source,
  path: path ?? `hf:${placeOf(source.dataset ?? "")?.hub ?? ""}`
})
