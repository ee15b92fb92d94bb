/**
 * Training as ONNX graphs: model, loss, gradients and optimizer, in place.
 *
 * ```ts
 * const { checkpoint } = yield* train({ objective: { dpo: { klCoefficient: 0.1 } }, from, reference, examples, into, ... })
 * ```
 */
export { dataKindsOf } from "./dataKindsOf.ts"
export { type Example } from "./encodeExamples.ts"
export { makeEncoder } from "./encoding/mod.ts"
export { type Examples, rowsOf, type StoredExamples } from "./Examples.ts"
export { StateDiffers, TrainingError } from "./errors.ts"
export { makeGradientNorm } from "./gradientNorm.ts"
export { type Encoded, type ObjectiveChoice, objectiveOf, totalsOf } from "./objective/mod.ts"
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
export { planLongest } from "./planLongest.ts"
export { planTraining } from "./planTraining.ts"
export { train } from "./train.ts"
export type { TrainRequest } from "./TrainRequest.ts"
export { headOf, largestStrip, MemoryExceeded, type MemoryPlan, type MemoryRequest, planMemory } from "./memory/mod.ts"
export { makeStep, type StepMemory, storeTensors, wholeModel } from "./step/mod.ts"
