import { Schema } from "effect"
import { Flag } from "effect/cli"
import { LearnedTurns, LengthPolicy } from "../../schemas/mod.ts"
import { dataFlags as place } from "./dataFlags.ts"
import { count, format, maybe, path } from "./flags.ts"

const name = (flag: string, description: string) =>
  maybe(Flag.String(flag).pipe(Flag.withDescription(description), Flag.withMetavar("NAME")))
const text = (flag: string, metavar: string, description: string) =>
  maybe(Flag.String(flag).pipe(Flag.withDescription(description), Flag.withMetavar(metavar)))
const number = (flag: string, description: string) => maybe(Flag.Finite(flag).pipe(Flag.withDescription(description)))
const natural = (flag: string, description: string) => maybe(Flag.Int(flag).pipe(Flag.withDescription(description)))
const on = (flag: string, description: string) => maybe(Flag.Boolean(flag).pipe(Flag.withDescription(description)))

const Options = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))

/** The flags of `prefloop train` that say what a key of its file says; what each one says is in `trainKeys`. */
export const trainFlags = {
  loss: name("loss", "What is minimised: sft, bradleyTerry, dpo, ipo, simpo, kto, … (required without a file)"),
  lossOptions: maybe(
    Flag.String("loss-options").pipe(
      Flag.withDescription("Options of the loss as JSON: '{\"labelSmoothing\": 0.1}' (default none)"),
      Flag.withMetavar("JSON"),
      Flag.withSchema(Options)
    )
  ),
  klCoefficient: maybe(
    Flag.Finite("kl-coefficient").pipe(
      Flag.withAlias("beta"),
      Flag.withDescription(
        "How strongly the policy is pulled to the reference: η in the paper, β in DPO (default that of the loss)"
      )
    )
  ),
  model: maybe(path("model", "DIR", "Model folder to start from (required without a file)")),
  reference: maybe(path("reference", "DIR", "Frozen model of losses that compare with one (default the model itself)")),
  data: maybe(
    path(
      "data",
      "FILE",
      "Demonstrations for sft, judged responses or preferences for kto and its like, preferences for the others: a file, a folder, or hf:owner/name[@revision] (required without a file)"
    )
  ),
  format: maybe(format),
  dataset: place.dataset,
  config: place.config,
  split: place.split,
  revision: place.revision,
  limit: count("limit", "The first rows only (default all)"),
  into: maybe(path("into", "DIR", "Folder that is written; its log is <into>.log (required without a file)")),
  optimizer: name("optimizer", "adamW, rmsProp or lion (default adamW)"),
  learningRate: number(
    "learning-rate",
    "Peak step size (default the paper's for the loss: 5e-7, sft 2e-5, bradleyTerry 2e-6, preferenceModel 5e-6; lion has none)"
  ),
  schedule: name("schedule", "cosine, linear or constant (default cosine)"),
  warmup: number("warmup", "Share of the steps in which the rate rises (default 0.03)"),
  warmupSteps: natural("warmup-steps", "Steps in which the rate rises, in place of --warmup (default none)"),
  batchSize: natural(
    "batch-size",
    "Examples per step; blocks, with --block-length (default the paper's for the loss: 128, sft 32, bradleyTerry 512)"
  ),
  microBatchSize: natural("micro-batch-size", "Examples computed at once (default 8)"),
  epochs: natural("epochs", "Passes over the examples (default 2 where a loss moves a policy, else 1)"),
  maxTokens: natural("max-tokens", "Longest example, in tokens (default the model's context)"),
  lengthPolicy: maybe(
    Flag.Literals("length-policy", LengthPolicy.literals).pipe(
      Flag.withDescription("What becomes of a longer example (default error)")
    )
  ),
  turns: maybe(
    Flag.Literals("turns", LearnedTurns.literals).pipe(
      Flag.withDescription("Which assistant turns of a demonstration are learned (default all)")
    )
  ),
  afterEnd: maybe(
    Flag.Literals("after-end", ["leave", "learn"]).pipe(
      Flag.withDescription("Whether what the template prints after the last end token is learned too (default leave)")
    )
  ),
  blockLength: natural("block-length", "Pack examples into blocks of this many tokens (default one example a block)"),
  loraRank: natural(
    "lora-rank",
    "Train a low-rank change of this rank (default none; 16 where another flag says more of it)"
  ),
  loraAlpha: number("lora-alpha", "The change is scaled by this over its rank (default 32)"),
  loraTargets: text("lora-targets", "NAMES", "Layers that change: q_proj,v_proj, or all (default all)"),
  rsLora: on("rs-lora", "Scale it as rsLoRA does"),
  merge: on("merge", "Write a whole model, not an adapter"),
  memoryBudget: text("memory-budget", "BYTES", "Memory to stay within: 4GB, 512MiB (default 80 % of what is free)"),
  heldOut: maybe(
    path("held-out", "FILE", "Examples to measure on; the model with the lowest loss is kept (default none)")
  ),
  evaluateEvery: natural("evaluate-every", "Steps between two evaluations (default 50)"),
  patience: natural("patience", "Evaluations without a lower loss after which training stops (default never)"),
  saveEvery: natural("save-every", "Steps after which a state to continue from is written (default 100)"),
  seed: natural("seed", "What all chance is derived from (default 0)")
}
