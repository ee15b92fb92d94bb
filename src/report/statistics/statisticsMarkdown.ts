import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { statisticsNotes } from "./statisticsNotes.ts"
import { statisticsTable } from "./statisticsTable.ts"

/** A text that stays in its cell, and is read as it is written. */
const escaped = (text: string): string => text.replace(/[\\|`*_<>[\]&]/g, "\\$&").replace(/\s+/g, " ")

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/** Statistics of data as Markdown for a data-set card: the columns of Table 5, and a list of what else there is to say. */
export const statisticsMarkdown = (statistics: DatasetStatistics): string => {
  const { heads, rows } = statisticsTable(statistics)
  return `${[
    line(heads.map(({ head }) => head)),
    line(heads.map(({ align }) => (align === "left" ? ":---" : "---:"))),
    ...rows.map((cells) => line(cells.map(escaped))),
    "",
    ...statisticsNotes(statistics).map((note) => `- ${escaped(note)}`)
  ].join("\n")}\n`
}
