import type { DataGroup, DatasetStatistics, Histogram } from "../../../schemas/mod.ts"
import { drawing, element, escapeText, label, ink } from "../svg.ts"

/** Units of all lengths here: pixels. */
const panel = { width: 360, height: 140 }
const margin = { top: 64, left: 32, right: 24, bottom: 24 }
const gap = { x: 40, y: 84 }
const bar = "#3182bd"

/** One histogram with its name and the unit of its edges. */
interface Panel {
  readonly name: string
  readonly unit: string
  readonly mean: number
  readonly histogram: Histogram
}

const panelsOf = ({ comparisons, lengths }: DataGroup, unit: string): ReadonlyArray<Panel> => {
  const parts = { prompt: "Prompt", response: "Response", chosen: "Preferred response", rejected: "Rejected response" }
  const drawn = (["prompt", "response", "chosen", "rejected"] as const).flatMap((part) => {
    const found = lengths[part]
    return found === undefined ? [] : [{ name: parts[part], unit, mean: found.mean, histogram: found.histogram }]
  })
  const margins = comparisons?.margins
  const more = margins === undefined ? [] : [{ name: "Margin", unit: "reward", ...margins }]
  return [...drawn, ...more]
}

const shown = (x: number): string => String(Number(x.toPrecision(4))).replace("-", "−")

/** Bars of one histogram, from its left upper corner. */
const drawPanel = ({ histogram, mean, name, unit }: Panel, left: number, top: number): ReadonlyArray<string> => {
  const { beyond, counts, edges } = histogram
  const tallest = Math.max(1, ...counts)
  const width = panel.width / Math.max(1, counts.length)
  const bars = counts.map((count, i) => {
    const height = (count / tallest) * panel.height
    const title = `${count}: ${shown(edges[i] ?? 0)} to less than ${shown(edges[i + 1] ?? 0)} ${unit}`
    const place = { x: left + i * width, y: top + panel.height - height, width: Math.max(1, width - 1), height }
    return element("rect", { ...place, fill: bar }, element("title", {}, escapeText(title)))
  })
  const base = top + panel.height
  const ends = [edges[0] ?? 0, edges.at(-1) ?? 0] as const
  const rest = beyond === 0 ? "" : `, ${beyond} beyond`
  return [
    label(`${name}: mean ${mean.toFixed(2)} ${unit}${rest}`, { x: left, y: top - 10 }),
    ...bars,
    element("line", { x1: left, x2: left + panel.width, y1: base, y2: base, stroke: ink }),
    label(shown(ends[0]), { x: left, y: base + 16 }),
    label(shown(ends[1]), { x: left + panel.width, y: base + 16, "text-anchor": "end" }),
    label(`highest bar ${tallest}`, { x: left + panel.width, y: top - 10, "text-anchor": "end", fill: "#595959" })
  ]
}

/** Histograms of lengths and margins of all rows as an SVG document that needs nothing else. */
export const statisticsSvg = ({ all, unit }: DatasetStatistics, title: string): string => {
  const panels = panelsOf(all, unit)
  const lines = Math.ceil(panels.length / 2)
  const width = margin.left + 2 * panel.width + gap.x + margin.right
  const height = margin.top + 24 + lines * (panel.height + gap.y) - gap.y + 24 + margin.bottom
  const drawn = panels.flatMap((one, i) =>
    drawPanel(
      one,
      margin.left + (i % 2) * (panel.width + gap.x),
      margin.top + 24 + Math.floor(i / 2) * (panel.height + gap.y)
    )
  )
  return `${drawing(
    { width, height },
    element("title", {}, escapeText(title)),
    element("rect", { width, height, fill: "#ffffff" }),
    label(title, { x: margin.left, y: 26, "font-size": 16 }),
    label(`${all.rows} rows, ${all.prompts} prompts`, { x: margin.left, y: 46 }),
    ...drawn
  )}\n`
}
