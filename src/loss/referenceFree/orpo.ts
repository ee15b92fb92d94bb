import { Schema } from "effect"
import { defaulted, LossWeight } from "../../../schemas/mod.ts"
import type { Ops, Value } from "../../graph/mod.ts"
import { pairLoss } from "../Loss.ts"
import { minusLogSigmoid } from "../term/minusLogSigmoid.ts"
import { perToken } from "../term/perToken.ts"
import { scale } from "../term/scale.ts"

/** A mean log-probability above this counts as this: odds of a million to one. */
const LARGEST_MEAN = -1e-6

/**
 * log(p / (1 − p)) of p = eᵐ.
 *
 * 1 − eᵐ = 2t/(1 + t) with t = tanh(−m/2): exact where m is near 0, and 1 where it is far.
 */
const logOdds = (op: Ops, mean: Value): Value => {
  const m = op.Clip(mean, undefined, op.scalar(LARGEST_MEAN, mean))
  const t = op.Tanh(scale(op, m, -0.5))
  const logOfComplement = op.Sub(op.Add(op.Log(t), op.scalar(Math.LN2, t)), op.Log(op.Add(t, op.scalar(1, t))))
  return op.Sub(m, logOfComplement)
}

/**
 * Odds-ratio preference optimization: −m − λ·log σ(log-odds⁺ − log-odds⁻), m the mean log-probability of the chosen row.
 *
 * Source   Hong et al. (2024); odds are of the mean log-probability of a response token. The likelihood
 *          term is a mean per pair, over prompt and response as TRL has it or over the response as the paper writes.
 * Shapes   result [pair].
 * Units    nats.
 * Domain   odds are held at 10⁶, where their slope becomes 0.
 */
export const orpo = pairLoss({
  doc: "Odds-ratio preference optimization: fine-tuning and preference in one loss, no reference",
  options: Schema.Struct({
    oddsWeight: defaulted(LossWeight, 0.1, "Weight of the odds-ratio term: λ in the paper, β in TRL (no unit)"),
    likelihood: defaulted(
      Schema.Literals(["whole", "response"]),
      "whole",
      "What the likelihood term averages over: prompt and response tokens, or response tokens"
    )
  }),
  rewardScale: (options) => options.oddsWeight,
  build: (op, terms, options) => {
    const { chosen, rejected } = perToken(op, terms.policy, terms.length)
    const ratio = minusLogSigmoid(op, op.Sub(logOdds(op, chosen), logOdds(op, rejected)))
    const mean = options.likelihood === "response" ? chosen : op.Div(terms.whole.chosen, terms.wholeLength.chosen)
    return op.Sub(scale(op, ratio, options.oddsWeight), mean)
  }
})
