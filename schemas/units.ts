/**
 * Branded scalars: a number with a meaning, a unit and a domain that is checked.
 */
import { Schema } from "effect"

/** Checks `minimum < x ≤ maximum`. */
const above = (minimum: number, maximum: number) =>
  Schema.Finite.check(Schema.isGreaterThan(minimum), Schema.isLessThanOrEqualTo(maximum))

const atLeast = (minimum: number) => Schema.Finite.check(Schema.isGreaterThanOrEqualTo(minimum))

const count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1))

/**
 * How strongly training is pulled back to π₀.
 *
 * Source   Eq. (2): η; written β in DPO.
 * Domain   η > 0.
 */
export const KlCoefficient = Schema.Finite.check(Schema.isGreaterThan(0)).pipe(Schema.brand("KlCoefficient"))
export type KlCoefficient = typeof KlCoefficient.Type

/**
 * What logits are divided by before a token is drawn; 0 takes the most likely token.
 *
 * Domain   τ ≥ 0.
 */
export const Temperature = atLeast(0).pipe(Schema.brand("Temperature"))
export type Temperature = typeof Temperature.Type

/**
 * The number all chance of a run is derived from.
 *
 * Domain   an integer from 0 to 2³² − 1.
 */
export const Seed = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 0xffff_ffff })).pipe(Schema.brand("Seed"))
export type Seed = typeof Seed.Type

/**
 * Peak step size of the optimizer.
 *
 * Domain   > 0.
 */
export const LearningRate = Schema.Finite.check(Schema.isGreaterThan(0)).pipe(Schema.brand("LearningRate"))
export type LearningRate = typeof LearningRate.Type

/**
 * Reward taken from a response for each of its characters.
 *
 * Source   Eq. (9): λ, 0.001 for the concise model.
 * Units    reward per character (code point).
 * Domain   λ ≥ 0.
 */
export const LengthPenalty = atLeast(0).pipe(Schema.brand("LengthPenalty"))
export type LengthPenalty = typeof LengthPenalty.Type

/**
 * Share of the steps in which the learning rate rises from zero.
 *
 * Domain   0 ≤ warm-up < 1.
 */
export const WarmupRatio = atLeast(0).check(Schema.isLessThan(1)).pipe(Schema.brand("WarmupRatio"))
export type WarmupRatio = typeof WarmupRatio.Type

/**
 * Share of a weight that one step takes away, times the learning rate.
 *
 * Domain   ≥ 0.
 */
export const WeightDecay = atLeast(0).pipe(Schema.brand("WeightDecay"))
export type WeightDecay = typeof WeightDecay.Type

/**
 * Share of a running average that is kept at each step.
 *
 * Domain   0 ≤ x < 1.
 */
export const DecayRate = atLeast(0).check(Schema.isLessThan(1)).pipe(Schema.brand("DecayRate"))
export type DecayRate = typeof DecayRate.Type

/**
 * A part of a whole.
 *
 * Domain   0 ≤ x ≤ 1.
 */
export const Share = atLeast(0).check(Schema.isLessThanOrEqualTo(1)).pipe(Schema.brand("Share"))
export type Share = typeof Share.Type

/**
 * Norm the gradient is scaled down to when it is larger.
 *
 * Domain   > 0.
 */
export const GradientNorm = Schema.Finite.check(Schema.isGreaterThan(0)).pipe(Schema.brand("GradientNorm"))
export type GradientNorm = typeof GradientNorm.Type

/**
 * A probability that is not zero.
 *
 * Domain   0 < p ≤ 1.
 */
export const Probability = above(0, 1).pipe(Schema.brand("Probability"))
export type Probability = typeof Probability.Type

/**
 * A number of tokens that is at least one.
 *
 * Units    tokens.
 */
export const TokenCount = count.pipe(Schema.brand("TokenCount"))
export type TokenCount = typeof TokenCount.Type

/**
 * A number of rows that is at least one.
 *
 * Units    rows.
 */
export const BatchSize = count.pipe(Schema.brand("BatchSize"))
export type BatchSize = typeof BatchSize.Type

/**
 * A number of passes over the data that is at least one.
 *
 * Units    passes.
 */
export const EpochCount = count.pipe(Schema.brand("EpochCount"))
export type EpochCount = typeof EpochCount.Type

/**
 * A number of responses that is at least one.
 *
 * Units    responses.
 */
export const ResponseCount = count.pipe(Schema.brand("ResponseCount"))
export type ResponseCount = typeof ResponseCount.Type

/**
 * How often a preference label is taken to be wrong.
 *
 * Source   ε of conservative DPO; 0 trusts every label.
 * Domain   0 ≤ ε ≤ ½.
 */
export const LabelSmoothing = atLeast(0).check(Schema.isLessThanOrEqualTo(0.5)).pipe(Schema.brand("LabelSmoothing"))
export type LabelSmoothing = typeof LabelSmoothing.Type

/**
 * What a term of a loss is multiplied by.
 *
 * Domain   ≥ 0.
 */
export const LossWeight = atLeast(0).pipe(Schema.brand("LossWeight"))
export type LossWeight = typeof LossWeight.Type
