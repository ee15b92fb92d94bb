import { Effect, Result } from "effect"
import { rowLength } from "./batches.ts"
import { checkReference } from "./check/checkReference.ts"
import { checkTargets } from "./check/checkTargets.ts"
import type { encodeRequest } from "./encodeRequest.ts"
import { trainedModel } from "./trainedModel.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/**
 * The model of a training without its weights: which are trained, and how long its rows are.
 *
 * Fails    TrainingError: ReferenceConfigDiffers, TargetUnknown, TargetsNone; CheckpointError, ModelError, TextError.
 */
export const shapeTraining = Effect.fnUntraced(function* (
  request: Pick<TrainRequest, "lora" | "reference">,
  given: Pick<
    Effect.Success<ReturnType<typeof encodeRequest>>,
    "checkpoint" | "objective" | "encoded" | "heldOut" | "fail"
  >
) {
  const { checkpoint, encoded, fail, heldOut, objective } = given
  const { lora, reference = checkpoint.folder } = request
  const { config } = checkpoint
  const lengths = [...encoded, ...heldOut].map(rowLength)
  const contextLength = lengths.reduce((longest, length) => Math.max(longest, length), 1)
  const shape = trainedModel({ config, kind: objective.kind, contextLength, ...(lora ? { lora } : {}) })
  if (lora) yield* Effect.fromResult(Result.mapError(checkTargets(lora, shape.parameters), fail))
  if (objective.reference && reference !== checkpoint.folder) {
    yield* Effect.catchTag(checkReference(reference, config), "ReferenceConfigDiffers", (reason) =>
      Effect.fail(fail(reason))
    )
  }
  return shape
})
