import { Schema } from "effect"
import { DecayRate, defaulted, LearningRate, required } from "../../../schemas/mod.ts"
import type { Optimizer } from "./Optimizer.ts"
import { decoupledDecay, type Plain } from "./settings.ts"

const AboveZero = DecayRate.check(Schema.isGreaterThan(0))

/** Settings of Lion in a file. */
export const lionOptions = () =>
  Schema.Struct({
    learningRate: required(
      LearningRate,
      "Size of every step at the peak (per step, no unit); a third to a tenth of AdamW's, no default"
    ),
    beta1: defaulted(DecayRate, 0.9, "Share of the mean of gradients in the direction of a step (per step)"),
    beta2: defaulted(AboveZero, 0.99, "Decay of the mean of gradients (per step, above 0)"),
    weightDecay: decoupledDecay
  }).annotate({ description: "Lion: half the memory of AdamW, every weight moves by the learning rate" })

/** Settings of Lion. */
export type LionOptions = Plain<typeof lionOptions>

/**
 * Lion: w ← (1 − λ·weightDecay)·w − λ·sign(β₁·m + (1 − β₁)·g), then m ← β₂·m + (1 − β₂)·g.
 *
 * Source   Chen et al., arXiv:2302.06675, Algorithm 2.
 */
export const lion = (options: LionOptions): Optimizer => ({
  name: "lion",
  learningRate: options.learningRate,
  weightDecay: options.weightDecay,
  moments: ["mean"],
  scalars: ({ learningRate, weightDecay }) => ({ rate: learningRate, keep: 1 - learningRate * weightDecay }),
  build: (op, { gradient, moment, scalar, value }) => {
    const { beta1, beta2 } = options
    // β₁·m = (β₁/β₂)·(β₂·m): m itself has one reader
    const kept = op.Mul(moment("mean"), op.scalar(beta2))
    const mixed = op.Add(op.Mul(kept, op.scalar(beta1 / beta2)), op.Mul(gradient, op.scalar(1 - beta1)))
    const mean = op.Add(kept, op.Mul(gradient, op.scalar(1 - beta2)))
    return { value: op.Sub(op.Mul(value, scalar("keep")), op.Mul(op.Sign(mixed), scalar("rate"))), moments: { mean } }
  }
})
