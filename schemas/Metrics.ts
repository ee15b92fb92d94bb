import { Schema } from "effect"

/**
 * What one optimizer step measured. Keys keep the spelling that training logs use elsewhere, so that known tools read them.
 *
 * Units    `epoch` in passes over the data (a fraction inside a pass); `loss` in nats; `rewards/*` are implicit rewards
 *          η·log(π/π₀) in nats for DPO and rewards for a reward model; of a pairwise preference model `rewards/margins` is
 *          log P(right)/P(wrong) and `logps/*` are those of the letters; `logps/*` in nats, summed over response tokens;
 *          `entropy` of the policy's next token in nats, mean over response tokens; `kl` the estimate of KL(π‖π₀) in nats
 *          per response; `nll_loss` in nats, mean over the tokens of chosen responses; `eval_*` are the same measures on
 *          held-out rows, in the rows of the steps that ended with an evaluation; `num_tokens` in tokens seen so far in
 *          this phase; `seconds` of the step.
 * Domain   1 ≤ step ≤ total_steps; `rewards/accuracies` is the share of pairs with rewards/chosen > rewards/rejected;
 *          entropy ≥ 0.
 */
export const Metrics = Schema.Struct({
  phase: Schema.NonEmptyString,
  step: Schema.Natural,
  total_steps: Schema.Natural,
  epoch: Schema.Finite,
  loss: Schema.Finite,
  grad_norm: Schema.Finite,
  learning_rate: Schema.Finite,
  num_tokens: Schema.Natural,
  seconds: Schema.optionalKey(Schema.Finite),
  "rewards/chosen": Schema.optionalKey(Schema.Finite),
  "rewards/rejected": Schema.optionalKey(Schema.Finite),
  "rewards/accuracies": Schema.optionalKey(Schema.Finite),
  "rewards/margins": Schema.optionalKey(Schema.Finite),
  "logps/chosen": Schema.optionalKey(Schema.Finite),
  "logps/rejected": Schema.optionalKey(Schema.Finite),
  entropy: Schema.optionalKey(Schema.Finite),
  kl: Schema.optionalKey(Schema.Finite),
  nll_loss: Schema.optionalKey(Schema.Finite),
  eval_loss: Schema.optionalKey(Schema.Finite),
  "eval_rewards/accuracies": Schema.optionalKey(Schema.Finite),
  "eval_rewards/margins": Schema.optionalKey(Schema.Finite)
})
export type Metrics = typeof Metrics.Type
