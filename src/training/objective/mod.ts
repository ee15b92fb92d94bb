/**
 * What training can minimise.
 *
 * ```ts
 * const objective = objectiveOf({ dpo: { klCoefficient: 0.1 } })
 * ```
 */
import { bradleyTerry } from "./bradleyTerry.ts"
import { dpo } from "./dpo.ts"
import type { Objective } from "./Objective.ts"
import { sft } from "./sft.ts"

/** Every objective by its name in a pipeline file. */
export const objectives = {
  sft: () => sft,
  bradleyTerry: () => bradleyTerry,
  dpo
} satisfies Record<string, (options: never) => Objective>

/** An objective and its settings, as one key and its value. */
export type ObjectiveChoice =
  | { readonly sft: Readonly<Record<string, never>> }
  | { readonly bradleyTerry: Readonly<Record<string, never>> }
  | { readonly dpo: { readonly klCoefficient: number } }

/** The objective that a choice names. */
export const objectiveOf = (choice: ObjectiveChoice): Objective => {
  if ("dpo" in choice) return objectives.dpo(choice.dpo)
  return "sft" in choice ? objectives.sft() : objectives.bradleyTerry()
}

export type { Encoded, Measures, Objective } from "./Objective.ts"
