import { Schema } from "effect"
import { required } from "../../../schemas/mod.ts"
import { kindsWith } from "../Row.ts"
import { makeJudge } from "./Rule.ts"

const params = Schema.Struct({
  minimum: required(
    Schema.Finite.check(Schema.isGreaterThan(0)),
    "The ratio of the scores that is not yet enough: chosen over rejected has to be above it (no unit)"
  )
})

/**
 * Drops comparisons whose chosen score is not more than `minimum` times the rejected one.
 *
 * Source   Table 5: SHP keeps ratios above 2.
 * Domain   scores of at least 0, such as counts of votes; a row without scores, or with a rejected score below 0, is dropped.
 */
export const scoreRatio = makeJudge({
  doc: "drops comparisons whose scores have a small ratio",
  params,
  kinds: () => kindsWith("chosenScore"),
  judge:
    ({ minimum }) =>
    ({ chosenScore, rejectedScore }) => {
      if (chosenScore === undefined || rejectedScore === undefined) return "there are no two scores"
      if (rejectedScore < 0) return `the rejected score ${rejectedScore} is below 0, so that there is no ratio`
      const clear = rejectedScore === 0 ? chosenScore > 0 : chosenScore / rejectedScore > minimum
      return clear ? undefined : `scores ${chosenScore} and ${rejectedScore} have a ratio of at most ${minimum}`
    }
})
