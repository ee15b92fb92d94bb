import { Schema } from "effect"
import { DecayRate, defaulted, LearningRate, Probability, WeightDecay } from "../../../schemas/mod.ts"
import { blend } from "./blend.ts"
import type { Optimizer } from "./Optimizer.ts"

/** Settings of AdamW in a file; `learningRate`: the default of its key. */
export const adamWOptions = (learningRate: number) =>
  Schema.Struct({
    learningRate: defaulted(LearningRate, learningRate, "Peak step size (per step, no unit)"),
    beta1: defaulted(DecayRate, 0.9, "Decay of the mean of gradients (per step)"),
    beta2: defaulted(DecayRate, 0.999, "Decay of the mean of squared gradients (per step)"),
    epsilon: defaulted(Probability, 1e-8, "Added to the divisor of a step (no unit)"),
    weightDecay: defaulted(WeightDecay, 0, "Decoupled weight decay (per step, times the learning rate)")
  }).annotate({ description: "AdamW: steps of like size for all weights" })

/** Settings of AdamW. Domain: as the schemas of `adamWOptions` check. */
export interface AdamWOptions {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
}

/**
 * AdamW: w ← (1 − λ·weightDecay)·w − λ·(m/c₁) / (√(v/c₂) + ε) with cₖ = 1 − βₖᵗ, m and v the running means of g and g².
 *
 * Source   Loshchilov and Hutter, arXiv:1711.05101, Algorithm 2.
 */
export const adamW = (options: AdamWOptions): Optimizer => ({
  name: "adamW",
  learningRate: options.learningRate,
  weightDecay: options.weightDecay,
  moments: ["first", "second"],
  scalars: ({ learningRate, step, weightDecay }) => ({
    keep: 1 - learningRate * weightDecay,
    rate: learningRate / (1 - options.beta1 ** step),
    secondCorrection: 1 / Math.sqrt(1 - options.beta2 ** step)
  }),
  build: (op, { gradient, moment, scalar, value }) => {
    const first = blend(op, options.beta1, moment("first"), gradient)
    const second = blend(op, options.beta2, moment("second"), op.Mul(gradient, gradient))
    // the corrections c are folded into two scalars
    const divisor = op.Add(op.Mul(op.Sqrt(second), scalar("secondCorrection")), op.scalar(options.epsilon))
    const step = op.Mul(op.Div(first, divisor), scalar("rate"))
    return { value: op.Sub(op.Mul(value, scalar("keep")), step), moments: { first, second } }
  }
})
