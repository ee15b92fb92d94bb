import { Effect } from "effect"
import { planTraining } from "../../training/mod.ts"
import { phaseMemory } from "../explainMemory.ts"
import { requestOf } from "../requestOf.ts"
import type { CheckedTraining } from "./checkTraining.ts"
import { phaseOf } from "./phaseOf.ts"
import { trainingError } from "./trainingError.ts"

/**
 * Predicts the peak memory of a training on its own examples; no weight is loaded, nothing is written.
 *
 * Units    `budget`: bytes that it has to stay within where its settings name no other number.
 * Fails    PipelineError.
 */
export const explainTraining = Effect.fn("explainTraining")(
  function* (checked: CheckedTraining, { budget }: { readonly budget?: number }) {
    const request = requestOf(phaseOf(checked))
    const { memoryBudget = budget } = request
    const within = memoryBudget === undefined ? {} : { memoryBudget }
    const { examples, longest, plan } = yield* planTraining({ ...request, ...within })
    return { examples, ...phaseMemory(request.phase, plan, { longest, budget: memoryBudget }) }
  },
  (effect, { phase, what }) => Effect.mapError(effect, trainingError({ what, folder: phase.into }))
)
