/**
 * What turns gradients into steps.
 *
 * ```ts
 * const optimizer = optimizerOf({ lion: { learningRate: 1e-7, beta1: 0.9, beta2: 0.99, weightDecay: 0 } })
 * const store = yield* makeParameterStore({ parameters, load, moments: optimizer.moments.length })
 * const update = yield* makeUpdate(store, optimizer)
 * yield* update({ step: 1, learningRate: optimizer.learningRate, gradientScale: 1 })
 * ```
 */
import { type AdamWOptions, adamW, adamWOptions } from "./adamW.ts"
import { type LionOptions, lion, lionOptions } from "./lion.ts"
import { type RmsPropOptions, rmsProp, rmsPropOptions } from "./rmsProp.ts"
import type { Optimizer } from "./Optimizer.ts"

/** Every optimizer by its name in a pipeline file: the schema of its settings, and what it is with them. */
export const optimizers = {
  adamW: { options: adamWOptions, make: adamW },
  rmsProp: { options: rmsPropOptions, make: rmsProp },
  lion: { options: lionOptions, make: lion }
}

/** An optimizer and its settings, as one key and its value. */
export type OptimizerChoice =
  | { readonly adamW: AdamWOptions }
  | { readonly rmsProp: RmsPropOptions }
  | { readonly lion: LionOptions }

/** The optimizer that a choice names. */
export const optimizerOf = (choice: OptimizerChoice): Optimizer => {
  if ("adamW" in choice) return optimizers.adamW.make(choice.adamW)
  return "lion" in choice ? optimizers.lion.make(choice.lion) : optimizers.rmsProp.make(choice.rmsProp)
}

export { makeUpdate } from "./makeUpdate.ts"
export type { AdamWOptions, LionOptions, RmsPropOptions }
export type { Optimizer, Update } from "./Optimizer.ts"
export { nextOf, updateGraph } from "./updateGraph.ts"
