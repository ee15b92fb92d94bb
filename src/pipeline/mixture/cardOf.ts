import type { DatasetStatistics } from "../../../schemas/mod.ts"
import type { DatasetCard } from "../../dataset/mod.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import type { MixReport, RuleCount } from "./MixReport.ts"

/** A table for a card: as many cells in each row as columns. */
export type CardTable = NonNullable<DatasetCard["statistics"]>

/** How statistics are laid out on the card. */
export type TableOf = (statistics: DatasetStatistics) => CardTable

const ruleLines = (name: string, counts: ReadonlyArray<RuleCount>) =>
  counts.map(({ dropped, rule }) => ({ rule: `${name}: ${rule}`, dropped }))

const countLines = (name: string, counts: Readonly<Record<string, number>>, what: string) =>
  Object.entries(counts).map(([rule, dropped]) => ({ rule: `${name}: ${rule} (${what})`, dropped }))

/** The card of a mixture: its sources with revision and licence, what each rule left out, and the statistics of what stayed. */
export const cardOf = (
  { card, name }: MixtureFile,
  { filters, sources, statistics }: MixReport,
  tableOf: TableOf
): DatasetCard => ({
  title: card.title ?? name,
  ...(card.summary === undefined ? {} : { summary: card.summary }),
  licence: card.licence,
  languages: card.languages,
  tags: card.tags,
  sources: sources.map(({ id, licence, mixed, name: label, revision }) => ({
    name: label,
    ...(id === undefined ? {} : { id }),
    ...(revision === undefined ? {} : { revision }),
    licence,
    rows: mixed
  })),
  rules: [
    ...sources.flatMap((source) => [
      ...countLines(source.name, source.skipped, "not readable"),
      ...countLines(source.name, source.unread, "while reading"),
      ...ruleLines(source.name, source.filters)
    ]),
    ...ruleLines("all sources", filters)
  ],
  statistics: tableOf(statistics)
})
