import { PipelineFile } from "./PipelineFile.ts"
import { readSettings, type WrittenFile } from "./readSettings.ts"

/** A pipeline that was read. */
export type WrittenPipeline = WrittenFile<PipelineFile>

/**
 * Reads a pipeline file.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readPipeline = readSettings(PipelineFile, "pipeline")
