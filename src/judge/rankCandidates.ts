import { Effect } from "effect"
import type { ScoreRow } from "../scorer/mod.ts"
import type { Ranking } from "./Match.ts"
import { Preference } from "./Preference.ts"

/**
 * The best and the worst response of each row, by a preference oracle.
 *
 * Domain   At least two responses in each row.
 * Fails    JudgeError
 */
export const rankCandidates = (ranking: Ranking) =>
  Effect.fnUntraced(function* (rows: ReadonlyArray<ScoreRow>) {
    const { prefer } = yield* Preference
    return yield* ranking(
      rows.map(({ responses }) => responses.length),
      (matches) =>
        prefer(
          matches.map(({ first, list, second }) => ({
            messages: rows[list]?.messages ?? [],
            first: rows[list]?.responses[first] ?? "",
            second: rows[list]?.responses[second] ?? ""
          }))
        )
    )
  })
