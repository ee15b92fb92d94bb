import { type DataLineage, placeText, shapeText } from "./DataLineage.ts"
import type { DataKind } from "./DataSource.ts"

/** What was found where a key of a file says that data lies. */
export interface FoundSource {
  /** The key with dots: `models.policy.sft.data`. */
  readonly key: string
  readonly kind: DataKind
  readonly lineage: DataLineage
}

/** What was found, in words: `"p.parquet", prompts, format "records", found in the first rows`. */
const text = ({ kind, lineage }: Omit<FoundSource, "key">): string =>
  `${placeText(lineage)}: ${kind}, ${shapeText(lineage)}`

/** What was found, in words, by its key. */
export const foundTexts = (sources: ReadonlyArray<FoundSource>): Readonly<Record<string, string>> =>
  Object.fromEntries(sources.map((source) => [source.key, text(source)]))

/** What was found where one key says. */
export const textsAt = (sources: ReadonlyArray<FoundSource>, key: string): Readonly<Record<string, string>> =>
  foundTexts(sources.filter((source) => source.key === key))
