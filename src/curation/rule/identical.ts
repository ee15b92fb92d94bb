import { kindsWith } from "../Row.ts"
import { noParameters } from "./noParameters.ts"
import { makeJudge } from "./Rule.ts"

/**
 * Drops comparisons of a response with itself.
 *
 * Source   Table 5: HH-RLHF; Algorithm 2 drops such pairs too.
 */
export const identical = makeJudge({
  doc: "drops comparisons whose two responses are the same text",
  params: noParameters,
  kinds: () => kindsWith("chosen"),
  judge:
    () =>
    ({ chosen, rejected }) =>
      chosen === rejected ? "chosen and rejected are the same" : undefined
})
