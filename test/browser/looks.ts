/** How far a page is wider than its screen (pixels). */
export const beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

/** Whether an element is on the screen, whole. */
export const inSight = (id: string): string =>
  `(({ bottom, left, right, top }) => top >= 0 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1)(document.getElementById(${JSON.stringify(id)}).getBoundingClientRect())`

/** The least contrast of a text and its ground among the parts of the page. Source: WCAG 2.2, 1.4.3. */
export const contrast = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((c) => { const x = c / 255; return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4 })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (element) => {
    const style = getComputedStyle(element)
    const ground = element.tagName === "BUTTON" ? style.backgroundColor : getComputedStyle(document.body).backgroundColor
    const [a, b] = [light(style.color), light(ground)].toSorted((x, y) => y - x)
    return (a + 0.05) / (b + 0.05)
  }
  return Math.min(...[...document.querySelectorAll("h1, h2, p, td, th, li, legend, .text, button:enabled, label")].map(ratio))
})()`
