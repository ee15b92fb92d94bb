import { ClusterCounts } from "../ClusterCounts.ts"

/** The place of a number among sorted ones that hold it. */
const placeOf = (sorted: Float64Array, x: number): number => {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < x) low = middle + 1
    else high = middle
  }
  return low
}

/** How many rows of each prompt have a sign other than 0, and how many of these have a positive one. */
export const positiveByPrompt = (prompts: ReadonlyArray<number>, signs: ReadonlyArray<number>): ClusterCounts => {
  const all = Float64Array.from(prompts).sort()
  const distinct = all.filter((prompt, i) => i === 0 || prompt !== all[i - 1])
  const [counts, of] = [new Int32Array(distinct.length), new Int32Array(distinct.length)]
  for (const [row, sign] of signs.entries()) {
    if (sign === 0) continue
    const place = placeOf(distinct, prompts[row] ?? 0)
    of[place] = (of[place] ?? 0) + 1
    if (sign > 0) counts[place] = (counts[place] ?? 0) + 1
  }
  const found = new ClusterCounts()
  for (const [place, count] of counts.entries()) found.add(count, of[place] ?? 0)
  return found
}
