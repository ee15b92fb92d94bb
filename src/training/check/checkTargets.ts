import { Result } from "effect"
import { type Lora, loraTargets, type Parameter } from "../../model/mod.ts"
import { TargetsNone, TargetUnknown } from "../errors.ts"

/**
 * Whether a model has the layers that a low-rank change is made of.
 *
 * Fails    TargetUnknown with the names that exist, TargetsNone.
 */
export const checkTargets = (
  { targets }: Lora,
  parameters: ReadonlyArray<Parameter>
): Result.Result<void, TargetUnknown | TargetsNone> => {
  if (targets === "all") return Result.succeed(undefined)
  const known = loraTargets(parameters)
  if (targets.length === 0) return Result.fail(new TargetsNone({ known }))
  const found = targets.find((target) => !known.includes(target))
  return found === undefined ? Result.succeed(undefined) : Result.fail(new TargetUnknown({ found, known }))
}
