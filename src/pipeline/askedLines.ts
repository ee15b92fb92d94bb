import type { AskedOfPersons } from "./askedOfPersons.ts"

/** What each annotator is asked, as lines: what it is, and how much. */
export const askedLines = (asked: AskedOfPersons): ReadonlyArray<readonly [string, string]> => [
  ["comparisons asked of each person per iteration, at most", `${asked.perIteration} (${asked.annotators.join(", ")})`],
  ["comparisons asked of each person in all, at most", String(asked.total)],
  ...(asked.byTournament === undefined
    ? []
    : [
        [
          "per iteration with ranking: tournament (2n − 3 of n responses, and the final)",
          String(asked.byTournament)
        ] as const
      ])
]
