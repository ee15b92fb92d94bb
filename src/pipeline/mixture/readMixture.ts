import { readSettings, type WrittenFile } from "../file/readSettings.ts"
import { MixtureFile } from "./MixtureFile.ts"

/** A mixture that was read. */
export type WrittenMixture = WrittenFile<MixtureFile>

/**
 * Reads a mixture file.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const readMixture = readSettings(MixtureFile, "mixture")
