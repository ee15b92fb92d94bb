import type { Measures } from "./Objective.ts"

/** What is logged of pairs whose rewards are known, in the spelling of training logs. Shapes: chosen, rejected: [pairs]. */
export const pairMeasures = (chosen: ArrayLike<number>, rejected: ArrayLike<number>): Measures => {
  const count = chosen.length
  const sums = { chosen: 0, rejected: 0, accurate: 0 }
  for (let i = 0; i < count; i++) {
    const [better, worse] = [chosen[i] ?? Number.NaN, rejected[i] ?? Number.NaN]
    sums.chosen += better
    sums.rejected += worse
    sums.accurate += better > worse ? 1 : 0
  }
  return {
    "rewards/chosen": { sum: sums.chosen, count },
    "rewards/rejected": { sum: sums.rejected, count },
    "rewards/margins": { sum: sums.chosen - sums.rejected, count },
    "rewards/accuracies": { sum: sums.accurate, count }
  }
}
