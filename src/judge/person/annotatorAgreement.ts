import type { Judgement } from "../../../schemas/mod.ts"
import { type Agreement, cohenKappa, fleissKappa } from "../../metric/mod.ts"

/** How far annotators agree about the pairs that all of them judged. Units: `pairs` in pairs. */
export interface AnnotatorAgreement extends Agreement {
  readonly measure: "Cohen" | "Fleiss"
  readonly annotators: ReadonlyArray<string>
  readonly pairs: number
}

/**
 * Cohen's kappa of two annotators, Fleiss' kappa of more; undefined of one, or when no pair was judged by all.
 *
 * Domain   A tie is a label like the others.
 */
export const annotatorAgreement = (judgements: ReadonlyArray<Judgement>): AnnotatorAgreement | undefined => {
  const annotators = [...new Set(judgements.map(({ annotator }) => annotator))].toSorted()
  const byPair = Map.groupBy(judgements, ({ pairId }) => pairId)
  const things = [...byPair.values()]
    .map((found) => {
      const said = new Map(found.map(({ annotator, verdict }) => [annotator, verdict]))
      return annotators.flatMap((annotator) => said.get(annotator) ?? [])
    })
    .filter(({ length }) => length === annotators.length)
  if (annotators.length < 2 || things.length === 0) return undefined
  const measure = annotators.length === 2 ? ("Cohen" as const) : ("Fleiss" as const)
  const column = (i: number) => things.flatMap((labels) => labels[i] ?? [])
  const agreement = measure === "Cohen" ? cohenKappa(column(0), column(1)) : fleissKappa(things)
  return { measure, annotators, pairs: things.length, ...agreement }
}
