/**
 * A person as the oracle: a page on this machine on which annotators compare two responses.
 *
 * ```ts
 * const Persons = personPreference({
 *   annotators: ["ann", "ben"], labels: "labels.arrow", seed: 0, port: 0, onPage: Console.log
 * })
 * const best = rankCandidates(rankings.tournament)(rows).pipe(Effect.provide(Persons))
 * ```
 */
export { annotatorAgreement, type AnnotatorAgreement } from "./annotatorAgreement.ts"
export { type Desk, makeDesk, type View } from "./Desk.ts"
export { AnnotatorUnknown, LabelsFailed, LabelsLocked, PageFailed, PairNotShown, PersonError } from "./errors.ts"
export { forgotten, type Labels, openLabels } from "./Labels.ts"
export { majority, shareForFirst, type Undecided } from "./majority.ts"
export { pairOf } from "./pairOf.ts"
export { pairOfPreference, pairsOfCandidates } from "./pairsOf.ts"
export { personPreference, type PersonOptions, type Waiting } from "./personPreference.ts"
export { readPairs, type ReadPairs } from "./readPairs.ts"
export { servePage } from "./servePage.ts"
export { type Choice, shownOrder, verdictOf } from "./shownOrder.ts"
