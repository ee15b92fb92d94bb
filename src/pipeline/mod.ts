/**
 * Pipelines: a YAML file becomes a checked program, the program runs Algorithm 2, the run folder remembers it.
 *
 * ```ts
 * const written = yield* readPipeline("pipelines/quickstart.yaml", ["seed=1"])
 * const checked = yield* checkInputs(yield* compile(written))
 * const results = yield* runPipeline(checked)
 * ```
 */
export { askedLines } from "./askedLines.ts"
export { askedOfPersons, type AskedOfPersons } from "./askedOfPersons.ts"
export { type CheckedPipeline, checkInputs } from "./check/checkInputs.ts"
export { type FoundSource, foundTexts } from "./data/mod.ts"
export { defaultBudget } from "./defaultBudget.ts"
export { type Issue, PipelineError, StepFailed } from "./errors.ts"
export { type Explanation, explain } from "./explain.ts"
export { type CompiledPipeline, type CompiledStage, compile } from "./file/compile.ts"
export { PipelineFile } from "./file/PipelineFile.ts"
export { mixtureSchema, pipelineSchema, trainSchema } from "./file/pipelineSchema.ts"
export { readPipeline, type WrittenPipeline } from "./file/readPipeline.ts"
export { readTrainFile, type WrittenTraining } from "./file/readTrainFile.ts"
export type { Written } from "./file/writeFlags.ts"
export { formatMemory, formatParts } from "./formatMemory.ts"
export { formatExplanation } from "./formatExplanation.ts"
export { liveTrainers } from "./liveTrainers.ts"
export { conclusion, formatResults, reportResults, resultsData } from "./loop/formatResults.ts"
export { iterate } from "./loop/iterate.ts"
export { promptSlice } from "./loop/promptSlice.ts"
export { type Result, type Results, selectBest } from "./loop/Results.ts"
export { runPipeline } from "./loop/runPipeline.ts"
export { winRate } from "./loop/winRate.ts"
export { type Advance, type Phase, Progress } from "./Progress.ts"
export { explainTraining } from "./single/explainTraining.ts"
export { type CheckedTraining, checkTraining } from "./single/checkTraining.ts"
export { placesOf, trainAlone, type TrainedAlone } from "./single/trainAlone.ts"
export { differences, type Lineage, lineageHash } from "./store/Lineage.ts"
export { type Artefact, RunStore } from "./store/RunStore.ts"
export { type Trained, Trainers, type TrainingPhase } from "./Trainers.ts"
