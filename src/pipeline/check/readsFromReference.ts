import { Result } from "effect"
import { type ObjectiveChoice, objectiveOf } from "../../training/mod.ts"

/** Whether a loss has to know which response of a pair the reference policy gave. */
export const readsFromReference = (loss: ObjectiveChoice): boolean =>
  Result.match(objectiveOf(loss), {
    onFailure: () => false,
    onSuccess: (objective) => objective.loss.reads.has("fromReference")
  })
