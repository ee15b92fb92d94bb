import { TrainingError } from "../../training/mod.ts"
import { DiskFull, InputsInvalid, PipelineError, StepFailed } from "../errors.ts"
import { outOfSpace } from "../outOfSpace.ts"

/** What a person corrects by other data or settings; the rest went wrong while it ran. */
const badInput = new Set<string>([
  "NoExamples",
  "ExampleInvalid",
  "RowsUnsuitable",
  "FromReferenceMissing",
  "ModifierUnused",
  "ExamplesTooFew",
  "BatchTooSmall",
  "TargetUnknown",
  "TargetsNone",
  "ResumeForeign",
  "LossError",
  "HeldOutEmpty",
  "ReferenceMissing",
  "ReferenceConfigDiffers",
  "MemoryExceeded"
])

const causeOf = (error: unknown): unknown => (error instanceof StepFailed ? error.cause : error)

const reasonOf = (error: unknown, folder: string): PipelineError["reason"] => {
  const cause = causeOf(error)
  if (outOfSpace(error)) return new DiskFull({ folder, cause })
  if (cause instanceof TrainingError && badInput.has(cause.reason._tag)) {
    return new InputsInvalid({ issues: [{ at: "", key: "", detail: cause.message }] })
  }
  return new StepFailed({ cause })
}

/** Says of any failure which training it stopped, and whether its data and settings can mend it. */
export const trainingError =
  ({ folder, what }: { readonly what: string; readonly folder: string }) =>
  (error: unknown): PipelineError =>
    error instanceof PipelineError ? error : new PipelineError({ action: "run", what, reason: reasonOf(error, folder) })
