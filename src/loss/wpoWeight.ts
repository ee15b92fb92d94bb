import type { Ops, Value } from "../graph/mod.ts"
import type { Pair } from "./Loss.ts"

/**
 * How much a pair counts in weighted preference optimization: w(a⁺)·w(a⁻), where a response counts as much as it is likely
 * to be drawn from the policy.
 *
 * Source   WPO (Zhou et al., 2024), Eq. (2) with its alignment: w = exp(mean over tokens of [log πₜ − log Σᵥ π(v)²]).
 * Shapes   logProbability, logSquares: [token, 1]; members: [pair, token], 1 where a token is of the response;
 *          length: [pair]; result [pair].
 * Units    log-probabilities in nats; the weight has none.
 * Domain   lengths ≥ 1. No gradient belongs to it: the caller feeds it back as data.
 */
export const wpoWeight = (
  op: Ops,
  tokens: { readonly logProbability: Value; readonly logSquares: Value; readonly members: Pair; readonly length: Pair }
): Value => {
  const aligned = op.Sub(tokens.logProbability, tokens.logSquares)
  const mean = (members: Value, length: Value) => op.Div(op.Squeeze(op.MatMul(members, aligned), [1]), length)
  const { members, length } = tokens
  return op.Exp(op.Add(mean(members.chosen, length.chosen), mean(members.rejected, length.rejected)))
}
