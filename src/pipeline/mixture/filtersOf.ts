import { Result } from "effect"
import { decodeSteps, type Steps } from "../../curation/mod.ts"
import { datasets, type Source } from "../../dataset/mod.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import type { MixtureSource } from "./MixtureSource.ts"

/** The kind of records, as rules call it. */
export const curatedKinds = {
  preferences: "comparisons",
  demonstrations: "demonstrations",
  judged: "demonstrations",
  prompts: "prompts"
} as const satisfies Record<MixtureFile["kind"], string>

/** The data set of the table that a source names. */
export const knownOf = ({ dataset }: MixtureSource): Source | undefined =>
  dataset === undefined ? undefined : datasets[dataset]

/** The rules of a source: those that are written, or those that the table asks for where it gives records of this kind. */
export const filtersOf = (source: MixtureSource, kind: MixtureFile["kind"]): Steps => {
  if (source.filters !== undefined) return source.filters
  const known = knownOf(source)
  return known?.kind === kind ? Result.getOrThrow(decodeSteps(known.filters)) : [] // the table's own rules are known
}
