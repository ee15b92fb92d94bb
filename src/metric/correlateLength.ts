import { Result } from "effect"
import type { Response, Scored } from "../../schemas/mod.ts"
import { mean } from "./mean.ts"
import { pearson } from "./pearson.ts"

/** The length of a response in each unit: code points as in Eq. (9), or tokens of the policy. */
export const lengthsOf = {
  characters: ({ text }: Response): number => Array.from(text).length,
  tokens: ({ tokens }: Response): number => tokens
} as const
export type LengthUnit = keyof typeof lengthsOf

/** How reward goes with length among the responses to one prompt. */
export interface LengthCorrelation {
  readonly coefficient: number
  readonly meanLength: number
}

/** Why responses to a prompt have no coefficient: fewer than two, all of one length, or all of one reward. */
export type Uncorrelated = "single" | "sameLength" | "sameReward"

/**
 * Pearson's coefficient of length and reward over the responses to one prompt, or why there is none.
 *
 * Source   §2 and Fig. 3: n responses to each prompt, one coefficient for each prompt.
 * Domain   As many rewards as responses.
 */
export const correlateLength =
  (unit: LengthUnit) =>
  ({ responses, rewards }: Scored): Result.Result<LengthCorrelation, Uncorrelated> => {
    if (responses.length < 2) return Result.fail("single")
    const lengths = responses.map(lengthsOf[unit])
    const coefficient = pearson(lengths, rewards)
    if (coefficient !== undefined) return Result.succeed({ coefficient, meanLength: mean(lengths) })
    return Result.fail(new Set(lengths).size === 1 ? "sameLength" : "sameReward")
  }
