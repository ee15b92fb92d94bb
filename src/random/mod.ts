/**
 * Counter-based random numbers: every number is a pure function of a key and an index, so that no order of evaluation,
 * batch size or resume point can change it.
 *
 * ```ts
 * const draw = uniform(key(seed, iteration, promptId, sample), position)
 * ```
 */
export { normal, permutation, uniform } from "./draw.ts"
export { poisson } from "./poisson.ts"
export { key } from "./key.ts"
export { type Key, threefry } from "./threefry.ts"
