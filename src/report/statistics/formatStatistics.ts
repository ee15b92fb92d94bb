import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { statisticsNotes } from "./statisticsNotes.ts"
import { statisticsTable } from "./statisticsTable.ts"

/** Statistics of data as a table for a terminal, and what else there is to say, a line each. Source: Table 5. */
export const formatStatistics = (statistics: DatasetStatistics): string => {
  const { heads, rows } = statisticsTable(statistics)
  const lines = [heads.map(({ head }) => head), ...rows]
  const widths = heads.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)))
  const table = lines.map((cells) =>
    cells
      .map((cell, i) => (heads[i]?.align === "left" ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd()
  )
  return [...table, "", ...statisticsNotes(statistics)].join("\n")
}
