import { Schema } from "effect"

/** What a policy is worth on some prompts: one row of the results table. */
export const Evaluation = Schema.Struct({
  /** Mean reward by the gold rule (reward, unitless). */
  goldReward: Schema.optionalKey(Schema.Finite),
  /** Mean reward by the reward model (reward, unitless). */
  proxyReward: Schema.Finite,
  /** Share of comparisons won against π₀ (ties count one half). */
  winRate: Schema.Finite,
  /** Mean of log π(a|x) − log π₀(a|x) over the policy's own responses, every token that was drawn and no other (nats). */
  kl: Schema.Finite,
  /** Mean length of a response (tokens). */
  tokens: Schema.Finite,
  /** Responses that were measured, and how many of them have no text. */
  responses: Schema.Int,
  empty: Schema.Int
})
export type Evaluation = typeof Evaluation.Type
