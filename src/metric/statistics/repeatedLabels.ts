import { ClusterCounts } from "../ClusterCounts.ts"

/** Comparisons as hashes of their texts, one column each: 24 bytes a row. */
export interface HashedPairs {
  readonly prompts: ReadonlyArray<number>
  readonly chosen: ReadonlyArray<number>
  readonly rejected: ReadonlyArray<number>
}

/** How many repeated comparisons and triads each prompt has, and how many speak against a label. */
export interface Contradictions {
  readonly repeats: ClusterCounts
  readonly cycles: ClusterCounts
}

/** More responses to one prompt than this are not looked at for circles, which would take their third power of steps. */
const mostResponses = 64

/** The rows of each prompt that occurs more than once. */
const rowsByPrompt = (prompts: ReadonlyArray<number>): ReadonlyMap<number, ReadonlyArray<number>> => {
  const sorted = Float64Array.from(prompts).sort()
  const rows = new Map<number, Array<number>>()
  for (const [i, prompt] of sorted.entries()) if (prompt === sorted[i - 1]) rows.set(prompt, [])
  for (const [row, prompt] of prompts.entries()) rows.get(prompt)?.push(row)
  return rows
}

/** How many prompts there are. */
export const countDistinct = (prompts: ReadonlyArray<number>): number => {
  const sorted = Float64Array.from(prompts).sort()
  return sorted.reduce((count, prompt, i) => (i > 0 && prompt === sorted[i - 1] ? count : count + 1), 0)
}

/** Wins of each response over each other, of one prompt: `wins.get(a).get(b)`. */
type Wins = ReadonlyMap<number, ReadonlyMap<number, number>>

const winsOf = ({ chosen, rejected }: HashedPairs, rows: ReadonlyArray<number>): Wins => {
  const wins = new Map<number, Map<number, number>>()
  for (const row of rows) {
    const [winner = 0, loser = 0] = [chosen[row], rejected[row]]
    if (winner === loser) continue
    if (!wins.has(loser)) wins.set(loser, new Map())
    const over = wins.get(winner) ?? new Map<number, number>()
    wins.set(winner, over.set(loser, (over.get(loser) ?? 0) + 1))
  }
  return wins
}

/** 1 where a wins against b more often, −1 where b does, 0 where neither does. */
const order = (wins: Wins, a: number, b: number): number =>
  Math.sign((wins.get(a)?.get(b) ?? 0) - (wins.get(b)?.get(a) ?? 0))

const repeatsOf = (wins: Wins) => {
  const found = { count: 0, of: 0 }
  for (const [a, over] of wins) {
    for (const [b, forth] of over) {
      const back = wins.get(b)?.get(a) ?? 0
      if (back > 0 && a > b) continue // met already, from b
      found.of += ((forth + back) * (forth + back - 1)) / 2
      found.count += forth * back
    }
  }
  return found
}

const cyclesOf = (wins: Wins) => {
  const found = { count: 0, of: 0 }
  const all = [...wins.keys()]
  if (all.length > mostResponses) return found
  for (const [i, a] of all.entries()) {
    for (const [j, b] of all.entries().drop(i + 1)) {
      const ab = order(wins, a, b)
      if (ab === 0) continue
      for (const c of all.slice(j + 1)) {
        const [bc, ca] = [order(wins, b, c), order(wins, c, a)]
        if (bc === 0 || ca === 0) continue
        found.of++
        if (ab === bc && bc === ca) found.count++
      }
    }
  }
  return found
}

/**
 * What comparisons of the responses to one prompt say against each other: labels of the same two responses that differ, and
 * circles of three. Two responses that win as often against each other have no order.
 *
 * Domain   As many in each column. Prompts with more than 64 responses are left out of `cycles`.
 */
export const repeatedLabels = (pairs: HashedPairs): Contradictions => {
  const [repeats, cycles] = [new ClusterCounts(), new ClusterCounts()]
  for (const rows of rowsByPrompt(pairs.prompts).values()) {
    const wins = winsOf(pairs, rows)
    const [again, circles] = [repeatsOf(wins), cyclesOf(wins)]
    repeats.add(again.count, again.of)
    cycles.add(circles.count, circles.of)
  }
  return { repeats, cycles }
}
