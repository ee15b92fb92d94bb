const lightness = [42, 62, 30] as const

/** The colour of the `i`-th of any number of things: neighbours in number are far in hue. Source: turns by the golden angle. */
export const hue = (i: number): string => `hsl(${Math.round((i * 137.508) % 360)} 65% ${lightness[i % 3] ?? 42}%)`
