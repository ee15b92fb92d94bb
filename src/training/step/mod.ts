/**
 * A training step as stages: each a graph of its own with its way back, run one after the other.
 *
 * ```ts
 * const step = yield* makeStep({ objective, model: wholeModel(model, parameters), memory })
 * const { loss } = yield* step.train(examples, tensors, { totals: totalsOf(examples), runningReward: 0 })
 * ```
 */
export { makeStep, type StepMemory, type StepResult, type TrainingStep } from "./makeStep.ts"
export { headCut } from "./makeHead.ts"
export { chunksOf } from "./headChunks.ts"
export { embedCut } from "./embedCut.ts"
export { lowestLayer } from "./lowestLayer.ts"
export { maskGraph } from "./maskGraph.ts"
export { bandSizes, elementsOf, readSizes, stripSizes, widthsOf } from "./stripSizes.ts"
export { type LayerCuts, layerCuts } from "./openLayers.ts"
export { accumulatorNames, type Cut, cutStage, type Keep, type Sizes, type TensorsByName } from "./Stage.ts"
export { storeTensors } from "./storeTensors.ts"
export { type TrunkModel, wholeModel } from "./TrunkModel.ts"
