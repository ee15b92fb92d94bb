import type { Metrics } from "../../schemas/mod.ts"

/** What only says where a row belongs. */
const places = new Set(["phase", "step", "total_steps"])

/** The measures of a step by their names: numbers, without those that only say which step it is. */
export const numbersOf = (metrics: Metrics): ReadonlyArray<readonly [name: string, value: number]> =>
  Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === "number" && !places.has(name) ? [[name, value] as const] : []
  )
