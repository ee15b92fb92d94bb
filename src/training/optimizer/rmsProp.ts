import { Schema } from "effect"
import { DecayRate, defaulted, WeightDecay } from "../../../schemas/mod.ts"
import { blend } from "./blend.ts"
import type { Optimizer } from "./Optimizer.ts"
import { epsilon, learningRate, type Plain } from "./settings.ts"

/** Settings of RMSProp in a file; `rate`: the default of its key. */
export const rmsPropOptions = (rate: number) =>
  Schema.Struct({
    learningRate: learningRate(rate),
    alpha: defaulted(DecayRate, 0.99, "Decay of the mean of squared gradients (per step)"),
    momentum: defaulted(DecayRate, 0, "Share of the step before that is kept (per step); 0 keeps no buffer for it"),
    epsilon,
    weightDecay: defaulted(WeightDecay, 0, "Share of a weight added to its gradient (per step)")
  }).annotate({ description: "RMSProp: half the memory of AdamW, no mean of gradients" })

/** Settings of RMSProp. */
export type RmsPropOptions = Plain<typeof rmsPropOptions>

/**
 * RMSProp: w ← w − λ·b with b ← μ·b + g′/(√v + ε), v the running mean of g′², g′ = g + weightDecay·w.
 *
 * Source   Tieleman and Hinton, lecture 6.5 (2012); weight decay, momentum and ε in the places where PyTorch has them.
 */
export const rmsProp = (options: RmsPropOptions): Optimizer => ({
  name: "rmsProp",
  learningRate: options.learningRate,
  weightDecay: options.weightDecay,
  moments: options.momentum > 0 ? ["square", "velocity"] : ["square"],
  scalars: ({ learningRate: rate, weightDecay }) => ({ rate, decay: weightDecay }),
  build: (op, { gradient, moment, scalar, value }) => {
    const slope = op.Add(gradient, op.Mul(value, scalar("decay")))
    const square = blend(op, options.alpha, moment("square"), op.Mul(slope, slope))
    const direction = op.Div(slope, op.Add(op.Sqrt(square), op.scalar(options.epsilon)))
    if (options.momentum === 0) return { value: op.Sub(value, op.Mul(direction, scalar("rate"))), moments: { square } }
    const velocity = op.Add(op.Mul(moment("velocity"), op.scalar(options.momentum)), direction)
    return { value: op.Sub(value, op.Mul(velocity, scalar("rate"))), moments: { square, velocity } }
  }
})
