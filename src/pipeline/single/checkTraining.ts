import { Effect, FileSystem, Result } from "effect"
import { dataKindsOf, type StoredExamples } from "../../training/mod.ts"
import { checkData } from "../check/checkData.ts"
import { checkModel } from "../check/checkModels.ts"
import { checkTargets } from "../check/checkTargets.ts"
import type { FoundSource } from "../data/mod.ts"
import { InputsInvalid, type Issue, PipelineError } from "../errors.ts"
import type { WrittenTraining } from "../file/readTrainFile.ts"

/** A training phase whose files were read and whose models were looked at. */
export interface CheckedTraining extends WrittenTraining {
  readonly examples: StoredExamples
  readonly heldOut: StoredExamples
  /** What was found where the file says that data lies. */
  readonly sources: ReadonlyArray<FoundSource>
}

/**
 * Reads every file that a training names and looks at its models, without loading weights.
 *
 * Fails    PipelineError: InputsInvalid with everything that is wrong.
 */
export const checkTraining = Effect.fn("checkTraining")(function* (written: WrittenTraining) {
  const { phase, what } = written
  const files = yield* FileSystem.FileSystem
  const kinds = dataKindsOf(phase.loss)
  const issue = (name: string, detail: string): Issue => ({
    at: written.at(["train", name]),
    key: `train.${name}`,
    detail
  })
  const shapeOf = (name: "model" | "reference", folder: string) =>
    Effect.result(Effect.mapError(checkModel({ folder, weights: true }), (detail) => issue(name, detail)))
  const model = yield* shapeOf("model", phase.model)
  const reference = phase.reference === undefined ? undefined : yield* shapeOf("reference", phase.reference)
  const data = yield* checkData(written, { kinds, key: ["train", "data"], source: phase.data })
  const key = ["train", "heldOut", "data"]
  const heldOut = yield* checkData(written, { kinds, key, source: phase.heldOut?.data })
  const there = yield* Effect.orElseSucceed(files.exists(phase.into), () => false)
  const taken = `"${phase.into}" is there already; move or remove it, or name another folder`
  const issues: ReadonlyArray<Issue> = [
    ...[model, reference].flatMap((found) => (found && Result.isFailure(found) ? [found.failure] : [])),
    ...(Result.isSuccess(model)
      ? checkTargets(written, {
          config: model.success.config,
          targets: phase.lora?.targets,
          key: ["train", "lora", "targets"]
        })
      : []),
    ...data.issues,
    ...heldOut.issues,
    ...(there ? [issue("into", taken)] : [])
  ]
  if (issues.length > 0)
    return yield* new PipelineError({ action: "check", what, reason: new InputsInvalid({ issues }) })
  return { ...written, examples: data, heldOut, sources: [...data.found, ...heldOut.found] } satisfies CheckedTraining
})
