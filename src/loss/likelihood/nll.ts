import { pairLoss } from "../Loss.ts"
import { noOptions } from "../options.ts"

/**
 * Negative log-likelihood of chosen responses: −log π(a⁺), averaged over their tokens.
 *
 * Source   The likelihood term of RPO (Pang et al., 2024) and of MPO; the weight is the mixture's.
 * Shapes   result [pair], to be divided by the number of chosen tokens of the batch.
 * Units    nats.
 */
export const nll = pairLoss({
  doc: "Cross-entropy of the tokens of chosen responses: the fine-tuning term of a mixture",
  per: "chosenToken",
  options: noOptions,
  rewardScale: () => 1,
  build: (op, { policy }) => op.Neg(policy.chosen)
})
