import { Effect } from "effect"
import { readDocument } from "../file/readDocument.ts"

/**
 * Whether a YAML file is one of a mixture: it has sources, and no models.
 *
 * Fails    PipelineError: FileUnreadable, KeysInvalid.
 */
export const isMixture = Effect.fn("isMixture")(function* (path: string) {
  const { value } = yield* readDocument(path, "pipeline")
  return typeof value === "object" && value !== null && "sources" in value && !("models" in value)
})
