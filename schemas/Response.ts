import { Schema } from "effect"

/**
 * One answer drawn from a policy: a in the paper.
 *
 * Units    `tokens` in tokens, the end token included when there is one; `sample` counts the draws of one prompt from 0;
 *          `logProbabilities` in nats, one for each drawn token, absent where nobody asked or the policy does not tell them.
 * Domain   `finish` is "stop" when an end token was drawn or a stop string written, "length" when the budget of tokens
 *          ended first; `ids` are the drawn tokens in the vocabulary of the policy, an end token included, absent where
 *          the policy does not tell them; log-probabilities of our own policies are at temperature 1.
 */
export const Response = Schema.Struct({
  text: Schema.String,
  ids: Schema.optionalKey(Schema.Array(Schema.Natural)),
  logProbabilities: Schema.optionalKey(Schema.Array(Schema.Finite)),
  tokens: Schema.Natural,
  finish: Schema.Literals(["stop", "length"]),
  temperature: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  sample: Schema.Natural
})
export type Response = typeof Response.Type
