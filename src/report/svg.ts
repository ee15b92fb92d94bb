const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** Characters that XML has no place for: controls but for tab and line ends, and two that are no characters. */
const forbidden = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu

/** A text as it is written in SVG; what XML has no place for becomes "�". */
export const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, "\ufffd")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)

type Attributes = Readonly<Record<string, string | number>>

/** A number with at most two decimals, so that files stay small. */
const shown = (value: string | number): string =>
  typeof value === "number" ? String(Math.round(value * 100) / 100) : escapeText(value)

/** One element around others that are written already. */
export const element = (name: string, attributes: Attributes, ...inner: ReadonlyArray<string>): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${shown(value)}"`)
  const start = `<${name}${written.join("")}`
  return inner.length === 0 ? `${start}/>` : `${start}>${inner.join("")}</${name}>`
}

/** A line of text. */
export const label = (text: string, attributes: Attributes): string => element("text", attributes, escapeText(text))

/** The colour of texts and lines. */
export const ink = "#222222"

/** An SVG document that needs nothing else. Units: pixels. */
export const drawing = (
  { height, width }: { readonly width: number; readonly height: number },
  ...inner: ReadonlyArray<string>
): string => {
  const frame = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    style: "background:#ffffff",
    "font-family": "system-ui, sans-serif",
    "font-size": 12,
    fill: ink
  }
  return element("svg", frame, ...inner)
}
