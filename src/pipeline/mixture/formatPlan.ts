import type { Steps } from "../../curation/mod.ts"
import { placedSource } from "../data/placedSource.ts"
import { filtersOf } from "./filtersOf.ts"
import { folderOf, type MixtureFile } from "./MixtureFile.ts"
import { labelOf, type MixtureSource } from "./MixtureSource.ts"

const rulesText = (steps: Steps): string => {
  const rules = steps
    .flatMap((step) => Object.entries(step))
    .map(([name, params]) => `${name} ${JSON.stringify(params)}`)
  return rules.length === 0 ? "no rules" : rules.join(", ").replaceAll(" {}", "")
}

const sourceLine = (source: MixtureSource, kind: MixtureFile["kind"]): string => {
  const { pick, take, weight } = source
  const taken = take === undefined ? "all records" : `the ${pick === "first" ? "first" : "drawn"} ${take} records`
  const drawn = weight === 1 ? "" : `, weight ${weight}`
  return `  ${labelOf(source)} from "${placedSource(source).path}": ${rulesText(filtersOf(source, kind))}; ${taken}${drawn}`
}

/** What a mixture would do, as lines. */
export const formatPlan = (file: MixtureFile): ReadonlyArray<string> => {
  const { exhausted, filters, kind, name, order, seed, sources, split } = file
  const shares = Object.entries(split.shares).map(([part, share]) => `${part} ${share}`)
  return [
    `"${name}" is in order: ${kind} of ${sources.length} ${sources.length === 1 ? "source" : "sources"}, seed ${seed}`,
    ...sources.map((source) => sourceLine(source, kind)),
    `mixed (${exhausted}), then ${rulesText(filters)}; ${order}; split by ${split.by}: ${shares.join(", ")}`,
    `written to "${folderOf(file)}": ${file.export.formats.join(", ")}, columns ${file.export.columns}`
  ]
}
