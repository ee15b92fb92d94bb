import type { PromptMap } from "../../../schemas/mod.ts"
import { drawing, element, escapeText, label } from "../svg.ts"
import { hue } from "./hue.ts"

/** Units of all lengths here: pixels. */
const plot = { left: 24, top: 64, width: 800, height: 640 }
const legend = { left: plot.left + plot.width + 24, width: 300, line: 20 }

/** Longest name in a legend, in characters. */
const longestName = 40

const shortened = (text: string): string => (text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text)

/** Where points lie in the picture: one scale for both axes, y upwards. */
const placing = (points: PromptMap["points"]) => {
  const reach = (axis: "x" | "y") => {
    const low = points.reduce((least, point) => Math.min(least, point[axis]), Number.POSITIVE_INFINITY)
    const high = points.reduce((most, point) => Math.max(most, point[axis]), Number.NEGATIVE_INFINITY)
    return { middle: (low + high) / 2, size: high - low || 1 }
  }
  const [across, up] = [reach("x"), reach("y")]
  const scale = Math.min(plot.width / across.size, plot.height / up.size)
  return ({ x, y }: { readonly x: number; readonly y: number }) => ({
    cx: plot.left + plot.width / 2 + (x - across.middle) * scale,
    cy: plot.top + plot.height / 2 - (y - up.middle) * scale
  })
}

const legendOf = (groups: ReadonlyArray<{ readonly name: string; readonly prompts: number }>) =>
  groups.flatMap(({ name, prompts }, i) => {
    const y = plot.top + i * legend.line
    return [
      element("circle", { cx: legend.left + 6, cy: y + 6, r: 6, fill: hue(i) }),
      label(`${shortened(name)} (${prompts})`, { x: legend.left + 20, y: y + 10 })
    ]
  })

/**
 * A map of prompts as an SVG document that needs nothing else, a colour for each source or each topic.
 *
 * Source   Fig. 5.
 */
export const promptMapSvg = (
  map: PromptMap,
  options: { readonly title: string; readonly colour: "source" | "topic" }
): string => {
  const { colour, title } = options
  const groups = colour === "source" ? map.sources : map.topics
  const place = placing(map.points)
  const width = legend.left + legend.width
  const height = Math.max(plot.top + plot.height, plot.top + groups.length * legend.line) + 24
  const sentence = `${map.points.length} prompts of ${map.sources.length} sources, by ${colour}; ${map.method}, seed ${map.seed}`
  const dots = map.points.map((point) => element("circle", { ...place(point), r: 2.5, fill: hue(point[colour]) }))
  return `${drawing(
    { width, height },
    element("title", {}, escapeText(title)),
    element("desc", {}, escapeText(sentence)),
    element("rect", { width, height, fill: "#ffffff" }),
    label(title, { x: plot.left, y: 26, "font-size": 16 }),
    label(sentence, { x: plot.left, y: 46 }),
    element("g", { "fill-opacity": "0.75" }, ...dots),
    ...legendOf(groups)
  )}\n`
}
