import { Result } from "effect"
import { type LossChoice, type LossError, mixtureOf, type WeightedLoss } from "../../loss/mod.ts"
import { lossObjective, type Modifiers } from "./lossObjective.ts"
import type { Objective } from "./Objective.ts"
import { preferenceModel } from "./preferenceModel.ts"
import { sft } from "./sft.ts"

/** What is minimised: imitation, the letter of a pairwise preference model, one loss of the table, or several with weights. */
export type ObjectiveChoice =
  | { readonly sft: Readonly<Record<string, never>> }
  | { readonly preferenceModel: Readonly<Record<string, never>> }
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
  if ("preferenceModel" in choice) return Result.succeed(preferenceModel())
  const parts = "mixture" in choice ? choice.mixture : [{ loss: choice, weight: 1 }]
  return Result.map(mixtureOf(parts), (mixture) => lossObjective(mixture, modifiers))
}
