import { pairLoss } from "../Loss.ts"
import { noOptions } from "../options.ts"

/**
 * Reward-ranked fine-tuning: −log π(a⁺), summed over the response.
 *
 * Source   Dong et al. (2023); `raft` of the first public code of the recipe.
 * Shapes   result [pair].
 * Units    nats.
 */
export const raft = pairLoss({
  doc: "Reward-ranked fine-tuning: the summed negative log-likelihood of chosen responses",
  options: noOptions,
  rewardScale: () => 1,
  build: (op, { policy }) => op.Neg(policy.chosen)
})
