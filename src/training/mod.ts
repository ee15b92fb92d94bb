/**
 * Training as ONNX graphs: model, loss, gradients and optimizer, in place.
 *
 * ```ts
 * const { checkpoint } = yield* train({ objective: { dpo: { klCoefficient: 0.1 } }, from, reference, examples, into, ... })
 * ```
 */
export { type AdamWOptions, makeAdamW } from "./adamW.ts"
export { type Example } from "./encodeExamples.ts"
export { TrainingError } from "./errors.ts"
export { makeGradientNorm } from "./gradientNorm.ts"
export { makeStep } from "./makeStep.ts"
export { type ObjectiveChoice, objectiveOf, objectives } from "./objective/mod.ts"
export { makeParameterStore, type ParameterStore } from "./ParameterStore.ts"
export { type Schedule, schedules } from "./schedule/mod.ts"
export { accumulatorNames, stepGraph } from "./stepGraph.ts"
export { train, type TrainRequest } from "./train.ts"
