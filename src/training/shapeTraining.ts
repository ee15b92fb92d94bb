import { Effect, Result } from "effect"
import { checkReference } from "./check/checkReference.ts"
import { checkTargets } from "./check/checkTargets.ts"
import type { encodeRequest } from "./encodeRequest.ts"
import { longestRow, type RowShapes } from "./tokens/mod.ts"
import { trainedModel } from "./trainedModel.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * The model of a training without its weights: which are trained, and how long its rows are.
 *
 * Fails    TrainingError: ReferenceConfigDiffers, TargetUnknown, TargetsNone; CheckpointError, ModelError, TextError.
 */
export const shapeTraining = Effect.fnUntraced(function* (
  request: Pick<TrainRequest, "lora" | "reference">,
  given: Pick<Effect.Success<ReturnType<typeof encodeRequest>>, "checkpoint" | "objective" | "fail">,
  rows: ReadonlyArray<RowShapes>
) {
  const { checkpoint, fail, objective } = given
  const { lora, reference = checkpoint.folder } = request
  const { config } = checkpoint
  const contextLength = longestRow(rows)
  const shape = trainedModel({ config, kind: objective.kind, contextLength, ...(lora ? { lora } : {}) })
  if (lora) yield* Effect.fromResult(Result.mapError(checkTargets(lora, shape.parameters), fail))
  if (objective.reference && reference !== checkpoint.folder) {
    yield* Effect.catchTag(checkReference(reference, config), "ReferenceConfigDiffers", (reason) =>
      Effect.fail(fail(reason))
    )
  }
  return shape
})
