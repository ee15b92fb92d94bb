import type { rankings } from "./rankings.ts"

/** Matches of one list of n candidates, n ≥ 2. */
export const matchCounts = {
  tournament: (n: number): number => 2 * n - 3,
  roundRobin: (n: number): number => (n * (n - 1)) / 2
} as const satisfies Record<keyof typeof rankings, (n: number) => number>
