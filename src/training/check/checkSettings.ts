import { Result } from "effect"
import { BatchTooSmall, ModifierUnused } from "../errors.ts"
import type { Objective } from "../objective/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"

/**
 * Whether the settings of a request fit its objective: losses that compare examples need two at once, and what changes sums
 * or weights of pairs needs pairs.
 *
 * Fails    BatchTooSmall, ModifierUnused.
 */
export const checkSettings = (
  request: Pick<TrainRequest, "batchSize" | "microBatchSize" | "lengthDesensitized" | "weighting">,
  objective: Objective
): Result.Result<void, BatchTooSmall | ModifierUnused> => {
  const small = (["batchSize", "microBatchSize"] as const).find((key) => objective.coupled && request[key] < 2)
  if (small) return Result.fail(new BatchTooSmall({ loss: objective.name, key: small, found: request[small] }))
  const unused = (["lengthDesensitized", "weighting"] as const).find(
    (key) => request[key] !== undefined && objective.on !== "pairs"
  )
  return unused ? Result.fail(new ModifierUnused({ loss: objective.name, key: unused })) : Result.succeed(undefined)
}
