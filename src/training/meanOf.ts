import type { StepResult } from "./step/mod.ts"

/** The means of what several passes of one batch measured. */
export const meanOf = (results: ReadonlyArray<StepResult>): Readonly<Record<string, number>> => {
  const totals = new Map<string, { readonly sum: number; readonly count: number }>()
  for (const { measures } of results) {
    for (const [name, { sum, count }] of Object.entries(measures)) {
      const before = totals.get(name) ?? { sum: 0, count: 0 }
      totals.set(name, { sum: before.sum + sum, count: before.count + count })
    }
  }
  return Object.fromEntries([...totals].map(([name, { sum, count }]) => [name, sum / count]))
}
