/**
 * What training can minimise.
 *
 * ```ts
 * const objective = objectiveOf(chooseLoss("dpo", { klCoefficient: 0.1 }))
 * ```
 */
export { type Batch, type Totals, addTotals, totalsOf } from "./Batch.ts"
export { type BatchInputName, batchInputs } from "./batchInputs.ts"
export { type Encoded, sequencesOf } from "./Encoded.ts"
export { lossPorts } from "./lossGraph.ts"
export type { Modifiers } from "./lossObjective.ts"
export type { LearnsFrom, Measures, Objective } from "./Objective.ts"
export { type ObjectiveChoice, objectiveOf } from "./objectiveOf.ts"
