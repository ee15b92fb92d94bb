import { Schema } from "effect"
import {
  oneOf,
  BatchSize,
  CacheFormatName,
  defaulted,
  optional,
  required,
  ResponseCount,
  Seed,
  Temperature,
  TokenCount,
  WeightFormatName
} from "../../../schemas/mod.ts"
import { rules } from "../../scorer/rule/mod.ts"
import { Arguments } from "./Arguments.ts"
import { Bytes } from "./Bytes.ts"
import { Models } from "./Models.ts"
import { Sampler } from "./Oracles.ts"
import { namesOf, Source, sourceKeys } from "./Source.ts"
import { StageStep } from "./StageStep.ts"
import { PolicyLoss } from "./PolicyLoss.ts"
import { policySettings, trainSettings } from "./TrainSettings.ts"

const Name = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][a-z0-9-]*$/, { message: "Expected lower-case words joined by -" })
)
const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Prompts = Schema.Struct({
  ...sourceKeys,
  perIteration: defaulted(Count, 20_000, "Prompts per iteration (prompts)"),
  overlong: defaulted(
    Schema.Literals(["error", "drop"]),
    "error",
    'What to do with a prompt that leaves no room in the context: stop with an error, or "drop" it and count it'
  )
})

const Decode = Schema.Struct({
  weights: defaulted(
    WeightFormatName,
    "float32",
    "What weights are kept in: float16 (bfloat16 where the checkpoint is) takes half of the memory; int8 and int4 are smaller and faster, and the responses are then those of the rounded policy; the reference and evaluation stay float32"
  ),
  cache: defaulted(
    CacheFormatName,
    "float32",
    "What keys and values are kept in: float16 takes half of the memory, int8 a quarter, so that cacheMemory holds as many more responses; these are then the rounded policy's"
  ),
  cacheMemory: optional(
    Bytes,
    "Memory of keys and values: fewer responses grow together than batchSizes.sample where it does not hold them; changes no response (bytes, or 4GB; default no limit)"
  )
})

const Train = Schema.Struct({
  loss: defaulted(PolicyLoss, { dpo: {} }, "The loss that moves the policy"),
  ...policySettings,
  ...trainSettings({ learningRate: 5e-7, batchSize: 128, epochs: 2 })
})

const Baseline = oneOf({
  offlineDpo: Schema.Struct({ data: required(Source, "Preferences made beforehand") }).annotate({
    description: "DPO on as many pairs as the online loop trains on, with the same settings"
  })
})

const Evaluate = Schema.Struct({
  prompts: required(Source, "Validation prompts"),
  test: optional(Source, "Prompts that only π₀, the baseline and the chosen policy answer, when the choice is made"),
  responses: defaulted(ResponseCount, 1, "Responses per prompt (responses)"),
  temperature: defaulted(Temperature, 1, "What logits are divided by (no unit)"),
  maxNewTokens: optional(TokenCount, "Longest response (tokens; default that of the sample stage)"),
  gold: optional(namesOf(rules), "A rule that tells the true reward, if there is one")
})

const BatchSizes = Schema.Struct({
  stage: defaulted(BatchSize, 64, "Prompts in one record batch between stages (prompts)"),
  sample: defaulted(BatchSize, 64, "Responses decoded together (responses)"),
  score: defaulted(BatchSize, 32, "Responses scored together (responses)")
})

/**
 * A pipeline as a person writes it in YAML: Algorithm 2 with every choice named.
 *
 * Source   §3.3 for the defaults: T = 3, 20 000 prompts an iteration, n = 8, DPO with η = 0.1.
 */
export const PipelineFile = Schema.Struct({
  name: required(Name, "Name of the run's folder"),
  seed: defaulted(Seed, 0, "All chance of a run is derived from this number"),
  iterations: defaulted(Count, 3, "Rounds of sampling and training: T (iterations)"),
  arguments: Arguments,
  models: required(Models, "Who answers"),
  sampler: optional(Sampler, "Who draws responses in the sample stage (default the policy's folder, here)"),
  decode: defaulted(Decode, {}, "How the policy's folder is run in the sample stage, where no server draws"),
  prompts: required(Prompts, "Training prompts: x ~ d₀"),
  stages: required(Schema.Array(StageStep).check(Schema.isMinLength(1)), "What is done to each prompt, in order"),
  train: defaulted(Train, {}, "How πₜ becomes πₜ₊₁"),
  baseline: optional(Baseline, "What the loop is compared with"),
  evaluate: required(Evaluate, "How each policy is measured"),
  select: defaulted(
    Schema.Struct({
      best: defaulted(
        Schema.Literals(["goldReward", "proxyReward", "winRate"]),
        "proxyReward",
        "The number that the chosen policy has the most of"
      )
    }),
    {},
    "Which policy the run ends with"
  ),
  batchSizes: defaulted(BatchSizes, {}, "What is computed at once (changes memory and speed, not the result)")
})
export type PipelineFile = typeof PipelineFile.Type
