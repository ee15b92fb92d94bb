import { type DatasetCard, datasets, type Source } from "../../dataset/mod.ts"
import type { DataLineage } from "./DataLineage.ts"

const table: Readonly<Record<string, Source>> = datasets

/** A licence as the hub spells it. */
const licenceOf = (dataset: string | undefined): string => {
  const name = dataset === undefined ? "not found" : (table[dataset]?.licence.name ?? "not found")
  if (name === "not found") return "unknown"
  return /^[\w.-]+$/.test(name) ? name.toLowerCase() : "other"
}

/** How many rows each rule left out. */
export type RuleCounts = ReadonlyArray<{ readonly rule: string; readonly dropped: number }>

/** The card of a folder of records that come from one source. */
export const cardOf = (lineage: DataLineage, rules: RuleCounts = []): DatasetCard => {
  const { dataset, id, path, revision, sha } = lineage
  const name = dataset ?? id ?? (path.split(/[\\/]/).findLast((part) => part !== "") || path)
  const licence = licenceOf(dataset)
  const from = {
    ...(id === undefined ? {} : { id }),
    ...(revision === undefined ? {} : { revision: sha ?? revision })
  }
  return {
    title: name,
    licence,
    languages: [],
    sources: [{ name, ...from, licence }],
    ...(rules.length > 0 ? { rules } : {})
  }
}
