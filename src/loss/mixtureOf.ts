import { Result } from "effect"
import { LossError, MixtureEmpty, MixtureMixed } from "./errors.ts"
import type { Bound, PairTerms, RewardTerms, RowTerms } from "./Loss.ts"
import type { LossChoice, LossName } from "./losses.ts"
import { lossName, lossOf } from "./lossOf.ts"

/** A part of a mixture, as data. */
export interface WeightedLoss {
  readonly loss: LossChoice
  readonly weight: number
}

/** A part of a mixture, ready to build. */
export interface Part<On extends string, Terms> {
  readonly name: LossName
  readonly weight: number
  readonly loss: Bound<On, Terms>
}

interface MixtureOn<On extends string, Terms> {
  readonly on: On
  /** Whether one of the parts is coupled. */
  readonly coupled: boolean
  /** β of the first part: implicit rewards are logged by it. */
  readonly rewardScale: number
  readonly parts: ReadonlyArray<Part<On, Terms>>
}

/** Losses on one kind of data that are added up, each with its weight and its own mean. */
export type Mixture = MixtureOn<"pairs", PairTerms> | MixtureOn<"rows", RowTerms> | MixtureOn<"rewards", RewardTerms>

/**
 * The sum of weighted losses, as MPO, RPO or CPO have it.
 *
 * Fails    LossError with MixtureEmpty, MixtureMixed.
 */
export const mixtureOf = (weighted: ReadonlyArray<WeightedLoss>): Result.Result<Mixture, LossError> => {
  const parts = weighted.map(({ loss, weight }) => ({ name: lossName(loss), weight, loss: lossOf(loss) }))
  const [first] = parts
  if (!first) return Result.fail(new LossError({ reason: new MixtureEmpty() }))
  const { on, rewardScale } = first.loss
  const other = parts.find((part) => part.loss.on !== on)
  if (other) {
    const reason = { first: first.name, firstOn: on, other: other.name, otherOn: other.loss.on }
    return Result.fail(new LossError({ reason: new MixtureMixed(reason) }))
  }
  const coupled = parts.some((part) => part.loss.coupled)
  return Result.succeed({ on, coupled, rewardScale, parts } as Mixture) // as: every part is on what the first is on
}
