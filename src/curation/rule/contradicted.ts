import { kindsWith } from "../Row.ts"
import { noParameters } from "./noParameters.ts"
import { makeJudge } from "./Rule.ts"

/**
 * Drops comparisons whose label another field of their row speaks against.
 *
 * Source   §2: labels that other fields show to be wrong are removed.
 */
export const contradicted = makeJudge({
  doc: "drops comparisons whose label another field of the row speaks against",
  params: noParameters,
  kinds: () => kindsWith("contradicted"),
  judge:
    () =>
    ({ contradicted: by }) =>
      by === undefined ? undefined : `${by} speaks against the label`
})
