import type { Bound, PairTerms, RewardTerms, RowTerms } from "./Loss.ts"
import { type LossChoice, losses, type LossName } from "./losses.ts"

/** A loss with its options given, of any kind of terms. */
export type BoundLoss = Bound<"pairs", PairTerms> | Bound<"rows", RowTerms> | Bound<"rewards", RewardTerms>

/** The name in a choice. */
export const lossName = (choice: LossChoice): LossName => Object.keys(choice)[0] as LossName // as: the type leaves exactly one key

/** The loss that a choice names, with the options it gives. */
export const lossOf = (choice: LossChoice): BoundLoss => {
  const [options] = Object.values(choice)
  const { bind } = losses[lossName(choice)]
  return (bind as (options: unknown) => BoundLoss)(options) // as: a choice holds the options of the loss it names
}
