import type { MixReport, RuleCount } from "./MixReport.ts"

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd()
  )
}

const droppedBy = (counts: ReadonlyArray<readonly [rule: string, rows: number]>, of: string): ReadonlyArray<string> => {
  const some = counts.filter(([, rows]) => rows > 0)
  return some.length === 0 ? [] : [`  ${of}: ${some.map(([rule, rows]) => `${rule} ${rows}`).join(", ")}`]
}

const rulesOf = (counts: ReadonlyArray<RuleCount>) => counts.map(({ dropped, rule }) => [rule, dropped] as const)

const lossesOf = ({ filters, sources }: MixReport): ReadonlyArray<string> => {
  const lines = [
    ...sources.flatMap((source) =>
      droppedBy(
        [...Object.entries(source.skipped), ...Object.entries(source.unread), ...rulesOf(source.filters)],
        source.name
      )
    ),
    ...droppedBy(rulesOf(filters), "all sources")
  ]
  return lines.length === 0 ? ["No row was left out"] : ["Left out, by rule", ...lines]
}

/**
 * What became of the rows of a mixture, as lines: rows read, records they gave, those the filters kept, those mixed; then what each
 * rule left out.
 */
export const formatMix = (report: MixReport): ReadonlyArray<string> => {
  const sources = report.sources.map(({ kept, mixed, name, records, rowsIn }) =>
    [name, rowsIn, records, kept, mixed].map(String)
  )
  const splits = report.splits.map(({ name, rows }) => `${rows} ${name}`).join(", ")
  return [
    ...table([["source", "rows", "records", "kept", "mixed"], ...sources]),
    "",
    ...lossesOf(report),
    "",
    `${report.mixed} mixed, ${report.kept} kept, ${report.rows} written: ${splits}`
  ]
}
