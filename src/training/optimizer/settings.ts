/**
 * Settings that several optimizers share, as keys of their schemas.
 */
import { defaulted, LearningRate, Probability, WeightDecay } from "../../../schemas/mod.ts"

/** The key of λ. */
export const learningRate = (value: number) => defaulted(LearningRate, value, "Peak step size (per step, no unit)")

/** The key of ε. */
export const epsilon = defaulted(Probability, 1e-8, "Added to the divisor of a step (no unit)")

/** The key of a decay beside the gradient, as AdamW has it. */
export const decoupledDecay = defaulted(WeightDecay, 0, "Decoupled weight decay (per step, times the learning rate)")

/** Settings as plain numbers, for those who do not read them from a file. Domain: as the schema checks. */
export type Plain<Options extends (...args: never) => { readonly Type: object }> = {
  readonly [K in keyof ReturnType<Options>["Type"]]: number
}
