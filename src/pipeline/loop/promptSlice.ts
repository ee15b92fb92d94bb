import { key, permutation } from "../../random/mod.ts"

/** The places of the prompts of one iteration, and whether any of them was used before. */
export interface PromptSlice {
  readonly places: Int32Array
  readonly repeats: boolean
}

/**
 * The prompts of iteration t, by their places among `count`: the next `perIteration` in an order drawn from the seed, from the start again when they end.
 *
 * Source   Algorithm 2: each iteration asks new prompts.
 * Domain   t = 1, 2, …; a slice holds no prompt twice, so that it is shorter when there are fewer prompts than asked for.
 */
export const promptSlice = (
  count: number,
  options: { readonly perIteration: number; readonly seed: number; readonly iteration: number }
): PromptSlice => {
  const size = Math.min(options.perIteration, count)
  const order = permutation(key(options.seed, "prompts"), count)
  const first = (options.iteration - 1) * size
  return {
    places: Int32Array.from({ length: size }, (_, i) => order[(first + i) % count] ?? 0),
    repeats: first + size > count
  }
}
