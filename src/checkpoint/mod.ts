/**
 * Model folders in the layout of Hugging Face: opened and checked, drawn anew, written back.
 *
 * ```ts
 * const checkpoint = yield* openCheckpoint("fixtures/garden/model", "causal")
 * ```
 */
export type { Checkpoint, Kind } from "./Checkpoint.ts"
export { CheckpointError } from "./errors.ts"
export { findWeights } from "./findWeights.ts"
export { drawWeight, initialize } from "./initialize.ts"
export { openCheckpoint, openShape, parametersOf, readFolder } from "./openCheckpoint.ts"
export { mergeAdapter } from "./mergeAdapter.ts"
export type { ModelSource } from "./ModelSource.ts"
export { openSource } from "./openSource.ts"
export { openTokenizer } from "./openTokenizer.ts"
export { writeAdapter } from "./writeAdapter.ts"
export type { NamedWeights } from "./writeFolder.ts"
export { configFor, writeCheckpoint } from "./writeCheckpoint.ts"
