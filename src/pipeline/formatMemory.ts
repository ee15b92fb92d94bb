import { budgetShare } from "./defaultBudget.ts"
import type { CacheMemory } from "./explainCache.ts"
import type { PhaseMemory } from "./explainMemory.ts"

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`

/** The peak memory of a phase as a label and what stands beside it. */
export const formatMemory = (memory: PhaseMemory): readonly [label: string, value: string] => {
  const { assumed, budget, layers = 0, longest, peak, phase, recomputed = 0, refused } = memory
  const label = `peak memory of ${phase}, examples up to ${longest} tokens`
  if (refused !== undefined) return [label, `refused: ${refused}`]
  const within = budget === undefined ? "" : ` of ${gigabytes(budget)}`
  const twice = recomputed === 0 ? "" : `, ${recomputed} of ${layers} layers computed twice`
  const why = assumed === undefined ? "" : `; ${assumed}`
  return [label, `${gigabytes(peak)}${within}${twice}${why}`]
}

/** The memory of keys and values as a label and what stands beside it. */
export const formatCache = ({ format, longest, most, perToken, slots }: CacheMemory): readonly [string, string] => [
  `keys and values of ${slots} responses of ${longest} tokens`,
  `${gigabytes(most)}, ${perToken} bytes a token in ${format}`
]

/** Less is printed as 0.00 GB. Units: bytes. */
const least = 5e6

/** The parts of a peak, the largest first, without those that are next to nothing. */
export const formatParts = ({ parts }: PhaseMemory): ReadonlyArray<string> =>
  Object.entries(parts)
    .filter(([, bytes]) => bytes >= least)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, bytes]) => `  ${name}  ${gigabytes(bytes)}`)

const percent = 100

/** Within which memory a phase stays whose settings do not say. Units: bytes. */
export const formatBudget = (bytes: number): string =>
  `stays within ${gigabytes(bytes)}, ${Math.round(budgetShare * percent)} % of the memory that is free; memoryBudget names another limit`
