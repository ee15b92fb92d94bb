import { Effect } from "effect"
import type { ScoreRow } from "../scorer/mod.ts"
import type { Ranking } from "./Match.ts"
import { ChanceInvalid, JudgeError } from "./errors.ts"
import { type Comparison, Preference } from "./Preference.ts"

/** The oracle's answers, one for each row. Fails: JudgeError: ChanceInvalid. */
const askAll = Effect.fnUntraced(function* (rows: ReadonlyArray<Comparison>) {
  const { prefer } = yield* Preference
  const chances = rows.length === 0 ? [] : yield* prefer(rows)
  if (chances.length >= rows.length) return chances
  return yield* new JudgeError({ reason: new ChanceInvalid({ row: chances.length, found: "nothing" }) })
})

/**
 * The best and the worst response of each row, by a preference oracle.
 *
 * Domain   At least two responses in each row.
 * Fails    JudgeError
 */
export const rankCandidates = (ranking: Ranking) =>
  Effect.fnUntraced(function* (rows: ReadonlyArray<ScoreRow>) {
    return yield* ranking(
      rows.map(({ responses }) => responses.length),
      (matches) =>
        askAll(
          matches.map(({ first, list, second }) => ({
            messages: rows[list]?.messages ?? [],
            first: rows[list]?.responses[first] ?? "",
            second: rows[list]?.responses[second] ?? ""
          }))
        )
    )
  })
