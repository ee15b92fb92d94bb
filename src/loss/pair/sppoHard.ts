import { Schema } from "effect"
import { logRatios } from "../term/logRatios.ts"
import { pairLoss } from "../Loss.ts"
import { klCoefficient } from "../options.ts"

/**
 * Self-play preference optimization with hard wins: (ρ⁺ − 1/(2β))² + (ρ⁻ + 1/(2β))², ρ = log π − log π₀.
 *
 * Source   Wu et al. (2024), Eq. (4.7) with win rates 1 and 0; β is 1/η there, and η = 1000.
 * Shapes   result [pair].
 * Units    nats².
 */
export const sppoHard = pairLoss({
  doc: "Self-play preference optimization with win rates of 1 and 0",
  options: Schema.Struct({ klCoefficient: klCoefficient(0.001) }),
  rewardScale: (options) => options.klCoefficient,
  build: (op, terms, options) => {
    const { chosen, rejected } = logRatios(op, terms)
    const target = op.scalar(1 / (2 * options.klCoefficient), chosen)
    const [high, low] = [op.Sub(chosen, target), op.Add(rejected, target)]
    return op.Add(op.Mul(high, high), op.Mul(low, low))
  }
})
