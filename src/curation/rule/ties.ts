import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"
import { kindsWith } from "../Row.ts"
import { makeJudge } from "./Rule.ts"

const params = Schema.Struct({
  unscored: defaulted(
    Schema.Literals(["keep", "drop"]),
    "keep",
    "What is done with a comparison that has no scores and a margin of 0: nobody said that it is a tie"
  )
})

/**
 * Drops comparisons whose two responses have the same score.
 *
 * Source   Table 5: equal scores are deleted from UltraFeedback, HelpSteer, Capybara and Orca.
 */
export const ties = makeJudge({
  doc: "drops comparisons whose responses have equal scores",
  params,
  kinds: () => kindsWith("margin"),
  judge:
    ({ unscored }) =>
    ({ chosenScore, rejectedScore, margin }) => {
      if (chosenScore !== undefined && rejectedScore !== undefined)
        return chosenScore === rejectedScore ? `both scores are ${chosenScore}` : undefined
      return unscored === "drop" && margin === 0 ? "margin is 0 and there are no scores" : undefined
    }
})
