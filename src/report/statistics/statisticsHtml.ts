import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { element, escapeText } from "../svg.ts"
import { statisticsNotes } from "./statisticsNotes.ts"
import { statisticsSvg } from "./statisticsSvg.ts"
import { statisticsTable } from "./statisticsTable.ts"

/** Statistics of data as a section of a page: the table, what else there is to say, and the histograms. */
export const statisticsHtml = (statistics: DatasetStatistics, title: string): string => {
  const { heads, rows } = statisticsTable(statistics)
  const cell = (name: "th" | "td") => (text: string, i: number) =>
    element(name, { style: `text-align:${heads[i]?.align ?? "left"};padding:2px 8px` }, escapeText(text))
  return `${element(
    "section",
    {},
    element("h2", {}, escapeText(title)),
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...heads.map(({ head }, i) => cell("th")(head, i)))),
      element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells.map(cell("td")))))
    ),
    element("ul", {}, ...statisticsNotes(statistics).map((note) => element("li", {}, escapeText(note)))),
    statisticsSvg(statistics, title).trim()
  )}\n`
}
