import { Result } from "effect"
import { type LossChoice, type LossError, mixtureOf, type WeightedLoss } from "../../loss/mod.ts"
import { lossObjective, type Modifiers } from "./lossObjective.ts"
import type { Objective } from "./Objective.ts"
import { sft } from "./sft.ts"

/** What is minimised: imitation, one loss of the table, or several with weights. */
export type ObjectiveChoice =
  | { readonly sft: Readonly<Record<string, never>> }
  | LossChoice
  | { readonly mixture: ReadonlyArray<WeightedLoss> }

/**
 * The objective that a choice names.
 *
 * Fails    LossError: MixtureEmpty, MixtureMixed.
 */
export const objectiveOf = (
  choice: ObjectiveChoice,
  modifiers: Modifiers = {}
): Result.Result<Objective, LossError> => {
  if ("sft" in choice) return Result.succeed(sft())
  const parts = "mixture" in choice ? choice.mixture : [{ loss: choice, weight: 1 }]
  return Result.map(mixtureOf(parts), (mixture) => lossObjective(mixture, modifiers))
}
