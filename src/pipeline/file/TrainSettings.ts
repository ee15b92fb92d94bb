import { Schema } from "effect"
import {
  BatchSize,
  defaulted,
  EpochCount,
  GradientNorm,
  type LearnedTurns,
  LengthPolicy,
  optional,
  TokenCount
} from "../../../schemas/mod.ts"
import { optimizers } from "../../training/mod.ts"
import { oneOf } from "./oneOf.ts"
import { Schedule } from "./Schedule.ts"

/** What turns gradients into steps; one row per optimizer. `learningRate`: the default of the optimizers that have one. */
const optimizer = (learningRate: number) =>
  oneOf({
    adamW: optimizers.adamW.options(learningRate),
    rmsProp: optimizers.rmsProp.options(learningRate),
    lion: optimizers.lion.options()
  } satisfies Record<keyof typeof optimizers, Schema.Top>)

/** The keys that every training phase takes, with the paper's numbers for this phase as defaults. */
export const trainSettings = (paper: {
  readonly learningRate: number
  readonly batchSize: number
  readonly epochs: number
}) => ({
  optimizer: defaulted(optimizer(paper.learningRate), { adamW: {} }, "What turns gradients into steps"),
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
