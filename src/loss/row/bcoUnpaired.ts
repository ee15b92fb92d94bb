import { Schema } from "effect"
import { rowLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { klCoefficient } from "../options.ts"
import { scale } from "../term/scale.ts"
import { towards } from "./towards.ts"

/**
 * Binary classifier optimization: −log σ(±(r − δ)), plus for a desirable response, minus for another, r = β·(log π − log π₀).
 *
 * Source   Jung et al. (2024); δ is the running mean of the rewards of both kinds.
 * Shapes   result [row].
 * Units    nats.
 */
export const bcoUnpaired = rowLoss({
  doc: "Binary classifier optimization on single judged responses, with a running shift of rewards",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.1) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, { policy, reference, desirable, runningReward }, options) => {
    const reward = scale(op, op.Sub(policy, reference), options.klCoefficient)
    return minusLogSigmoid(op, towards(op, op.Sub(reward, runningReward), desirable))
  }
})
