import type { PhaseMemory } from "./explainMemory.ts"

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`

/** The peak memory of a phase as a label and what stands beside it. */
export const formatMemory = (memory: PhaseMemory): readonly [label: string, value: string] => {
  const { budget, layers = 0, longest, peak, phase, recomputed = 0, refused } = memory
  const label = `peak memory of ${phase}, rows of ${longest} tokens`
  if (refused !== undefined) return [label, `refused: ${refused}`]
  const within = budget === undefined ? "" : ` of ${gigabytes(budget)}`
  const twice = recomputed === 0 ? "" : `, ${recomputed} of ${layers} layers computed twice`
  return [label, `${gigabytes(peak)}${within}${twice}`]
}
