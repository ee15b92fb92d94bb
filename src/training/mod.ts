/**
 * Training as ONNX graphs: model, loss, gradients and optimizer, in place.
 *
 * ```ts
 * const { checkpoint } = yield* train({ objective: { dpo: { klCoefficient: 0.1 } }, from, reference, examples, into, ... })
 * ```
 */
export { type Example } from "./encodeExamples.ts"
export { StateDiffers, TrainingError } from "./errors.ts"
export { makeGradientNorm } from "./gradientNorm.ts"
export { makeStep } from "./makeStep.ts"
export { type ObjectiveChoice, objectiveOf, objectives } from "./objective/mod.ts"
export {
  makeUpdate,
  nextOf,
  type Optimizer,
  type OptimizerChoice,
  optimizerOf,
  optimizers,
  updateGraph
} from "./optimizer/mod.ts"
export { makeParameterStore, type ParameterStore, type StoreState } from "./ParameterStore.ts"
export { type Schedule, type ScheduleOptions, schedules } from "./schedule/mod.ts"
export { accumulatorNames, stepGraph } from "./stepGraph.ts"
export { train, type TrainRequest } from "./train.ts"
