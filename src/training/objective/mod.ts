/**
 * What training can minimise.
 *
 * ```ts
 * const objective = objectiveOf({ dpo: { klCoefficient: 0.1 } })
 * ```
 */
import { bradleyTerry } from "./bradleyTerry.ts"
import type { Objective } from "./Objective.ts"
import { preference } from "./preference.ts"
import { sft } from "./sft.ts"

/** An objective and its settings, as one key and its value. */
export type ObjectiveChoice =
  | { readonly sft: Readonly<Record<string, never>> }
  | { readonly bradleyTerry: Readonly<Record<string, never>> }
  | { readonly dpo: { readonly klCoefficient: number } }

/** The objective that a choice names. */
export const objectiveOf = (choice: ObjectiveChoice): Objective => {
  if ("dpo" in choice) return preference(choice.dpo)
  return "sft" in choice ? sft : bradleyTerry
}

export { type Batch, type Totals, totalsOf } from "./Batch.ts"
export { type BatchInputName, batchInputs } from "./batchInputs.ts"
export { type Encoded, sequencesOf } from "./Encoded.ts"
export type { Measures, Objective, Readings } from "./Objective.ts"
