import { Result } from "effect"
import type { LossError } from "../loss/mod.ts"
import type { Lora, ModelConfig, Sequence } from "../model/mod.ts"
import type { MemoryExceeded, MemoryPlan } from "./memory/mod.ts"
import { type MemorySettings, planOf } from "./memoryOf.ts"
import { type Encoded, type Objective, objectiveOf, type ObjectiveChoice } from "./objective/mod.ts"
import { type OptimizerChoice, optimizerOf } from "./optimizer/mod.ts"
import { rowLength, type RowShapes, shapeOf } from "./tokens/mod.ts"
import { trainedModel } from "./trainedModel.ts"
import type { TrainRequest } from "./TrainRequest.ts"

/** Settings of a training whose examples are not there yet. */
export interface LongestRequest
  extends
    Pick<MemorySettings, "microBatchSize" | "memoryBudget" | "blockLength">,
    Pick<TrainRequest, "lengthDesensitized" | "weighting"> {
  readonly objective: ObjectiveChoice
  readonly optimizer: OptimizerChoice
  readonly lora?: Lora
  /** Whether π₀ is another model than the one training starts from. */
  readonly otherReference: boolean
  readonly heldOut: boolean
  /** Units: tokens. */
  readonly longest: number
}

/** The response alone is learned, and it is all but the prompt. */
const sequenceOf = (length: number, promptLength: number): Sequence => ({ ids: new Int32Array(length), promptLength })

/** The largest example that an objective can meet. */
const exampleOf = (objective: Objective, longest: number): Encoded => {
  const begin = { promptId: "longest", reference: [] }
  if (objective.asks === "letter") {
    const letter = sequenceOf(longest, longest - 1)
    return { ...begin, sequences: [letter], alternatives: [letter] }
  }
  const response = sequenceOf(longest, 1)
  const sequences = objective.on === "demonstrations" ? [response] : [response, response]
  return { ...begin, sequences, ...(objective.mismatched ? { mismatched: { sequences, reference: [] } } : {}) }
}

/**
 * The peak memory of a training whose examples are all as long as may be, from its settings alone.
 *
 * Fails    LossError. A budget that is too small is an answer.
 */
export const planLongest = (
  config: ModelConfig,
  request: LongestRequest
): Result.Result<Result.Result<MemoryPlan, MemoryExceeded>, LossError> =>
  Result.map(objectiveOf(request.objective, request), (objective) => {
    const { blockLength = 1, lora, microBatchSize } = request
    const example = shapeOf(exampleOf(objective, Math.max(blockLength, request.longest)))
    const alike = (length: number): RowShapes => ({ length, at: () => example })
    const shape = { config, kind: objective.kind, contextLength: rowLength(example), ...(lora ? { lora } : {}) }
    return planOf({
      opened: trainedModel(shape),
      objective,
      optimizer: optimizerOf(request.optimizer),
      request: {
        from: "policy",
        reference: request.otherReference ? "reference" : "policy",
        microBatchSize,
        batchSize: microBatchSize,
        epochs: 1,
        seed: 0,
        ...(request.memoryBudget === undefined ? {} : { memoryBudget: request.memoryBudget })
      },
      encoded: alike(microBatchSize),
      ...(request.heldOut ? { heldOut: alike(1) } : {})
    })
  })
