import { Schema } from "effect"
import {
  oneOf,
  BatchSize,
  defaulted,
  EpochCount,
  GradientNorm,
  type LearnedTurns,
  LengthPolicy,
  optional,
  Share,
  TokenCount
} from "../../../schemas/mod.ts"
import { optimizers } from "../../training/mod.ts"
import { mergedAdapter } from "./Adapter.ts"
import { Bytes } from "./Bytes.ts"
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
  afterEnd: optional(
    Schema.Literals(["leave", "learn"]),
    "Whether what the template prints after the last end token is learned too (default leave)"
  ),
  blockLength: optional(
    TokenCount,
    "Pack examples into blocks of this many tokens; batch sizes then count blocks (tokens; default one example a block)"
  ),
  maxGradientNorm: defaulted(GradientNorm, 1, "Gradients with a larger norm are scaled down to it"),
  lora: mergedAdapter,
  memoryBudget: optional(
    Bytes,
    "Memory that the phase stays within: layers are computed twice as far as this asks for it; changes no result (bytes, or 4GB; default 80 % of what is free)"
  ),
  saveEvery: defaulted(
    Schema.Int.check(Schema.isGreaterThan(0)),
    100,
    "Steps after which a state is written that a stopped run continues from (steps; changes no result)"
  )
})

/** The keys that only losses on policies take. */
export const policySettings = {
  weighting: optional(Schema.Literal("wpo"), "wpo: pairs count as much as they are likely under the policy"),
  lengthDesensitized: optional(
    Share,
    "LD-DPO: what tokens beyond the shorter response of a pair count (a share; default 1, as all others)"
  )
}

/** Settings of one training phase after decoding. */
const Settings = Schema.Struct({
  ...trainSettings({ learningRate: 5e-7, batchSize: 128, epochs: 2 }),
  ...policySettings
})
type Adapter = Exclude<(typeof Settings.Type)["lora"], undefined>
export type TrainSettings = Omit<typeof Settings.Type, "lora"> & {
  readonly turns?: LearnedTurns
  /** Merged, unless it says otherwise. */
  readonly lora?: Adapter & { readonly merge?: boolean }
}
