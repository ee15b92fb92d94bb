import { Schema } from "effect"
import { required } from "../../../schemas/mod.ts"
import { kindsWith } from "../Row.ts"
import { makeJudge } from "./Rule.ts"

const params = Schema.Struct({
  minimum: required(Schema.Finite, "The smallest margin that stays (in the unit of the data set's scores)")
})

/**
 * Drops comparisons whose margin is below a minimum; one without scores has a margin of 0.
 *
 * Source   §2: comparisons with small margins are removed.
 */
export const margin = makeJudge({
  doc: "drops comparisons with a small margin",
  params,
  kinds: () => kindsWith("margin"),
  judge:
    ({ minimum }) =>
    ({ margin: found = 0 }) =>
      found < minimum ? `margin ${found} is below ${minimum}` : undefined
})
