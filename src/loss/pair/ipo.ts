import { Schema } from "effect"
import { defaulted } from "../../../schemas/mod.ts"
import { divergence, LARGEST_EXPONENT_SQUARED, scores } from "../divergence.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"
import { perToken } from "../term/perToken.ts"

/**
 * Identity preference optimization: (s⁺ − s⁻ − 1/(2β))², s per token or summed.
 *
 * Source   Azar et al. (2024), Eq. (17), β written τ; per token as its authors ran it and TRL does.
 * Shapes   result [pair].
 * Units    nats², per token² with "length".
 * Domain   exponents of a divergence are held at 40, since the score is squared.
 */
export const ipo = pairLoss({
  doc: "Identity preference optimization: a squared distance to a fixed gap",
  options: Schema.Struct({
    klCoefficient: klCoefficient(0.1),
    normalize: defaulted(
      Schema.Literals(["length", "sum"]),
      "length",
      "Log-ratios per response token, or summed over the response"
    ),
    divergence
  }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const sums = scores(op, terms, options.divergence, LARGEST_EXPONENT_SQUARED)
    const { chosen, rejected } = options.normalize === "length" ? perToken(op, sums, terms.length) : sums
    const error = op.Sub(op.Sub(chosen, rejected), op.scalar(1 / (2 * options.klCoefficient), chosen))
    return op.Mul(error, error)
  }
})
