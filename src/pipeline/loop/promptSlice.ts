import { key, permutation } from "../../random/mod.ts"

/** The prompts of one iteration, and whether any of them was used before. */
export interface PromptSlice<A> {
  readonly prompts: ReadonlyArray<A>
  readonly repeats: boolean
}

/**
 * The prompts of iteration t: the next `perIteration` in an order drawn from the seed, from the start again when they end.
 *
 * Source   Algorithm 2: each iteration asks new prompts.
 * Domain   t = 1, 2, …; a slice holds no prompt twice, so that it is shorter when there are fewer prompts than asked for.
 */
export const promptSlice = <A>(
  prompts: ReadonlyArray<A>,
  options: { readonly perIteration: number; readonly seed: number; readonly iteration: number }
): PromptSlice<A> => {
  const size = Math.min(options.perIteration, prompts.length)
  const order = permutation(key(options.seed, "prompts"), prompts.length)
  const first = (options.iteration - 1) * size
  return {
    prompts: Array.from({ length: size }, (_, i) => prompts[order[(first + i) % prompts.length] ?? 0]).filter(
      (prompt) => prompt !== undefined
    ),
    repeats: first + size > prompts.length
  }
}
