import type { LengthBias } from "../../schemas/mod.ts"
import { drawing, element, escapeText, label, ink } from "./svg.ts"
import { shade } from "./shade.ts"

/** Units of all lengths here: pixels. */
const cell = { width: 32, height: 24 }
const margin = { top: 76, left: 96, right: 120, bottom: 64 }
const accent = "#b33c00"

interface Plane {
  readonly x: (coefficient: number) => number
  readonly y: (group: number) => number
  readonly width: number
  readonly height: number
}

/** Where coefficients lie from left to right, and groups from the shortest at the bottom. */
const planeOf = ({ edges, groups }: LengthBias): Plane => {
  const width = (edges.length - 1) * cell.width
  const height = groups.length * cell.height
  return {
    width,
    height,
    x: (coefficient) => margin.left + ((coefficient + 1) / 2) * width,
    y: (group) => margin.top + height - (group + 1) * cell.height
  }
}

const signed = (x: number): string => `${x < 0 ? "−" : ""}${Math.abs(x).toFixed(2)}`

/** The grounds of all cells, and the counts on them: marks are drawn between the two. */
const cellsOf = ({ counts, edges, groups, unit }: LengthBias, plane: Plane) => {
  const largest = Math.max(1, ...counts.flat())
  const drawn = counts.flatMap((row, group) =>
    row.map((count, column) => {
      const [x, y] = [plane.x(edges[column] ?? 0), plane.y(group)]
      const { ground, text } = shade(count / largest)
      const range = `${signed(edges[column] ?? 0)} to ${signed(edges[column + 1] ?? 0)}`
      const title = `${count} prompts: coefficient ${range}, mean length ${groups[group]?.from} to ${groups[group]?.to} ${unit}`
      const middle = { x: x + cell.width / 2, y: y + cell.height / 2 + 4, "text-anchor": "middle", fill: text }
      return {
        ground: element(
          "rect",
          { x, y, ...cell, fill: ground, stroke: "#dddddd" },
          element("title", {}, escapeText(title))
        ),
        count: count === 0 ? "" : label(String(count), middle)
      }
    })
  )
  return { grounds: drawn.map(({ ground }) => ground), counts: drawn.map(({ count }) => count) }
}

const axesOf = ({ edges, groups, unit }: LengthBias, plane: Plane): ReadonlyArray<string> => {
  const bottom = margin.top + plane.height
  const ticks = [-1, -0.5, 0, 0.5, 1].map((r) =>
    label(signed(r), { x: plane.x(r), y: bottom + 18, "text-anchor": "middle" })
  )
  const lengths = [...groups.map(({ from }) => from), groups.at(-1)?.to ?? 0].map((length, i) =>
    label(String(length), { x: margin.left - 8, y: plane.y(i - 1) + 4, "text-anchor": "end" })
  )
  const means = groups.map(({ mean, prompts }, i) =>
    label(mean === undefined ? "" : `${signed(mean)} (${prompts})`, {
      x: margin.left + plane.width + 10,
      y: plane.y(i) + cell.height / 2 + 4
    })
  )
  const middle = margin.top + plane.height / 2
  return [
    ...ticks,
    ...lengths,
    ...means,
    label("mean (prompts)", { x: margin.left + plane.width + 10, y: margin.top - 8 }),
    label(`Pearson's coefficient of length and reward, in ${edges.length - 1} bins`, {
      x: margin.left + plane.width / 2,
      y: bottom + 44,
      "text-anchor": "middle"
    }),
    label(`mean length (${unit})`, {
      x: 24,
      y: middle,
      "text-anchor": "middle",
      transform: `rotate(-90 24 ${middle})`
    })
  ]
}

/** The mean with its interval, and the line of no correlation. */
const marksOf = ({ high, low, mean }: LengthBias, plane: Plane): ReadonlyArray<string> => {
  const vertical = (at: number, attributes: Readonly<Record<string, string | number>>) =>
    element("line", { x1: at, x2: at, y1: margin.top, y2: margin.top + plane.height, ...attributes })
  const [from, to] = [plane.x(low), plane.x(high)]
  return [
    vertical(plane.x(0), { stroke: ink, "stroke-dasharray": "2 3" }),
    element("rect", { x: from, y: margin.top - 6, width: Math.max(1, to - from), height: 6, fill: accent }),
    vertical(plane.x(mean), { stroke: accent, "stroke-width": 2 })
  ]
}

/** What the picture says in one sentence. */
const sentence = ({ coefficients, high, level, lengthPenalty, low, mean, none, prompts }: LengthBias): string => {
  const interval = `${Math.round(level * 100)} % interval ${signed(low)} to ${signed(high)}`
  const without = none.single + none.sameLength + none.sameReward
  const rest = without === 0 ? "" : `, ${without} without a coefficient`
  const penalty = lengthPenalty === undefined ? "" : `, rewards less ${lengthPenalty} per character`
  return `mean ${signed(mean)} (${interval}) over ${coefficients} of ${prompts} prompts${rest}${penalty}`
}

/**
 * The heat map of coefficients as an SVG document that needs nothing else.
 *
 * Source   Fig. 3: coefficient along x, mean length of a prompt's responses along y.
 */
export const lengthBiasSvg = (bias: LengthBias, title: string): string => {
  const plane = planeOf(bias)
  const width = margin.left + plane.width + margin.right
  const height = margin.top + plane.height + margin.bottom
  const { counts, grounds } = cellsOf(bias, plane)
  const drawn = [...grounds, ...marksOf(bias, plane), ...counts, ...axesOf(bias, plane)]
  return `${drawing(
    { width, height },
    element("title", {}, escapeText(title)),
    element("desc", {}, escapeText(sentence(bias))),
    element("rect", { width, height, fill: "#ffffff" }),
    label(title, { x: margin.left, y: 26, "font-size": 16 }),
    label(sentence(bias), { x: margin.left, y: 48 }),
    ...drawn
  )}\n`
}
