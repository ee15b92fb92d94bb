import type { DataGroup, DatasetStatistics } from "../../../schemas/mod.ts"

/** A column of a table: what is above it, on which side its texts stand, and its text for a group. */
interface Column {
  readonly head: string
  readonly align: "left" | "right"
  readonly cell: (group: DataGroup) => string
}

/** Names that a cell lists. */
const listed = 3

const names = (counts: Readonly<Record<string, number>>): string => {
  const all = Object.keys(counts)
  const more = all.length > listed ? [`and ${all.length - listed} more`] : []
  return all.length === 0 ? "–" : [...all.slice(0, listed), ...more].join(", ")
}

const meanOf = (part: keyof DataGroup["lengths"]) => (group: DataGroup) => group.lengths[part]?.mean.toFixed(1) ?? "–"

const share = (found: { readonly share: number } | undefined): string =>
  found === undefined ? "–" : `${(100 * found.share).toFixed(1)} %`

const columns: ReadonlyArray<Column & { readonly only?: "chosen" | "response" }> = [
  { head: "Dataset", align: "left", cell: ({ name }) => name },
  { head: "#Prompts", align: "right", cell: ({ prompts }) => String(prompts) },
  { head: "Prompt Len.", align: "right", cell: meanOf("prompt") },
  { head: "Preferred Len.", align: "right", cell: meanOf("chosen"), only: "chosen" },
  { head: "Rejected Len.", align: "right", cell: meanOf("rejected"), only: "chosen" },
  { head: "Response Len.", align: "right", cell: meanOf("response"), only: "response" },
  { head: "Completion", align: "left", cell: ({ sources }) => names(sources) },
  { head: "Annotator", align: "left", cell: ({ annotators }) => names(annotators), only: "chosen" },
  { head: "#Pairs", align: "right", cell: ({ rows }) => String(rows), only: "chosen" },
  { head: "#Rows", align: "right", cell: ({ rows }) => String(rows), only: "response" },
  { head: "Longer", align: "right", cell: ({ comparisons }) => share(comparisons?.chosenLonger), only: "chosen" },
  { head: "Desirable", align: "right", cell: ({ desirable }) => share(desirable), only: "response" }
]

/** A table as texts: what is above each column, and one row for each group, then one for all where there are several. */
export interface TextTable {
  readonly heads: ReadonlyArray<Pick<Column, "head" | "align">>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** What groups are called, by what rows are grouped by. */
const titles = { dataset: "Dataset", source: "Source", split: "Split" } as const

/**
 * The columns of Table 5, as far as the rows have them, and how often the preferred response is the longer one.
 *
 * Source   Table 5.
 */
export const statisticsTable = ({ all, by, groups }: DatasetStatistics): TextTable => {
  const shown = columns.filter(
    ({ head, only }) =>
      (only === undefined || all.lengths[only] !== undefined) && (head !== "Desirable" || all.desirable !== undefined)
  )
  const rows = groups.length > 1 ? [...groups, all] : groups
  return {
    heads: shown.map(({ align, head }) => ({ align, head: head === "Dataset" ? titles[by] : head })),
    rows: rows.map((group) => shown.map(({ cell }) => cell(group)))
  }
}
