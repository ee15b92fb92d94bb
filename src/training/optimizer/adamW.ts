import { Schema } from "effect"
import { DecayRate, defaulted } from "../../../schemas/mod.ts"
import { blend } from "./blend.ts"
import type { Optimizer } from "./Optimizer.ts"
import { decoupledDecay, epsilon, learningRate, type Plain } from "./settings.ts"

/** Settings of AdamW in a file; `rate`: the default of its key. */
export const adamWOptions = (rate: number) =>
  Schema.Struct({
    learningRate: learningRate(rate),
    beta1: defaulted(DecayRate, 0.9, "Decay of the mean of gradients (per step)"),
    beta2: defaulted(DecayRate, 0.999, "Decay of the mean of squared gradients (per step)"),
    epsilon,
    weightDecay: decoupledDecay
  }).annotate({ description: "AdamW: steps of like size for all weights" })

/** Settings of AdamW. */
export type AdamWOptions = Plain<typeof adamWOptions>

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
  scalars: ({ learningRate: rate, step, weightDecay }) => ({
    keep: 1 - rate * weightDecay,
    rate: rate / (1 - options.beta1 ** step),
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
