/** White at 0 and dark blue at 1, by way of light blue (red, green, blue). */
const stops = [
  [255, 255, 255],
  [158, 202, 225],
  [49, 130, 189],
  [8, 48, 107]
] as const

/**
 * The colour of a share of the largest count, and the colour of a text on it.
 *
 * Source   Text is at least 4.5 times as bright or as dark as its ground (WCAG 2.2, 1.4.3).
 * Domain   0 ≤ share ≤ 1; the root of the share is shown, so that small counts are seen beside large ones.
 */
export const shade = (share: number): { readonly ground: string; readonly text: string } => {
  const place = Math.sqrt(share) * (stops.length - 1)
  const below = Math.min(Math.floor(place), stops.length - 2)
  const channels = ([0, 1, 2] as const).map((i) => {
    const [low, high] = [stops[below]?.[i] ?? 0, stops[below + 1]?.[i] ?? 0]
    return Math.round(low + (place - below) * (high - low))
  })
  return { ground: `rgb(${channels.join(",")})`, text: luminance(channels) > 0.18 ? "#000000" : "#ffffff" }
}

/** Relative luminance of sRGB channels from 0 to 255. Source: WCAG 2.2. */
export const luminance = (channels: ReadonlyArray<number>): number => {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const x = channel / 255
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
