import { Schema } from "effect"
import {
  BatchSize,
  EpochCount,
  GradientNorm,
  KlCoefficient,
  type LearnedTurns,
  LearningRate,
  LengthPolicy,
  Probability,
  TokenCount,
  WarmupRatio,
  WeightDecay
} from "../../../schemas/mod.ts"
import { defaulted, optional } from "./key.ts"
import { oneOf } from "./oneOf.ts"

const Decay = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0), Schema.isLessThan(1))

const adamW = (learningRate: number) =>
  Schema.Struct({
    learningRate: defaulted(LearningRate, learningRate, "Peak step size (per step, no unit)"),
    beta1: defaulted(Decay, 0.9, "Decay of the mean of gradients (per step)"),
    beta2: defaulted(Decay, 0.999, "Decay of the mean of squared gradients (per step)"),
    epsilon: defaulted(Probability, 1e-8, "Added to the divisor of a step (no unit)"),
    weightDecay: defaulted(WeightDecay, 0, "Decoupled weight decay (per step, times the learning rate)")
  })

const warmUp = Schema.Struct({
  warmup: defaulted(WarmupRatio, 0.03, "Share of the steps in which the rate rises from zero")
})

/** How the learning rate moves over the steps. */
export const Schedule = oneOf({
  cosine: warmUp.annotate({ description: "Half a cosine down to zero (the paper)" }),
  linear: warmUp.annotate({ description: "A straight line down to zero" }),
  constant: warmUp.annotate({ description: "The peak to the end" })
})

/** The keys that every training phase takes, with the paper's numbers for this phase as defaults. */
export const trainSettings = (paper: {
  readonly learningRate: number
  readonly batchSize: number
  readonly epochs: number
}) => ({
  optimizer: defaulted(oneOf({ adamW: adamW(paper.learningRate) }), { adamW: {} }, "What turns gradients into steps"),
  schedule: defaulted(Schedule, { cosine: { warmup: 0.03 } }, "How the learning rate moves over the steps"),
  batchSize: defaulted(BatchSize, paper.batchSize, "Examples per optimizer step"),
  microBatchSize: defaulted(BatchSize, 8, "Examples computed at once (changes memory and speed, not the result)"),
  epochs: defaulted(EpochCount, paper.epochs, "Passes over the examples"),
  maxTokens: optional(
    TokenCount,
    "Longest example: prompt, response and end token (tokens; default the model's context)"
  ),
  lengthPolicy: defaulted(
    LengthPolicy,
    "error",
    "A longer example stops the run (error), is left out (drop), loses the start of its prompt (truncatePrompt) or the end of its responses (truncateResponse); all but the first are counted"
  ),
  maxGradientNorm: defaulted(GradientNorm, 1, "Gradients with a larger norm are scaled down to it")
})

/** Settings of one training phase after decoding. */
const Settings = Schema.Struct(trainSettings({ learningRate: 5e-7, batchSize: 128, epochs: 2 }))
export type TrainSettings = typeof Settings.Type & { readonly turns?: LearnedTurns }

/** The loss that moves the policy; one row per loss. */
export const PolicyLoss = oneOf({
  dpo: Schema.Struct({
    klCoefficient: defaulted(
      KlCoefficient,
      0.1,
      "How strongly the policy is pulled to the reference: η in the paper, β in DPO"
    )
  }).annotate({ description: "Direct preference optimization, Eq. (5)" })
})
