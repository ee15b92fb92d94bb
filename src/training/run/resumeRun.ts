import { Effect, Option } from "effect"
import { ResumeForeign } from "../errors.ts"
import { fingerprint } from "../fingerprint.ts"
import type { TrainRequest } from "../TrainRequest.ts"
import { type Counters, readTrainState } from "../trainState.ts"
import type { Prepared } from "./prepare.ts"

/** Where a run stands between two steps, beside the weights and moments in the store. */
export interface Position {
  readonly counters: Counters
  /** The weights with the lowest loss on held-out examples. */
  readonly bestWeights?: Float32Array
}

/**
 * Where to begin: at the first step, or after the last written step of an earlier run of the same request, whose weights and
 * moments are then in place.
 *
 * Fails    TrainingError: ResumeForeign, StateDiffers; TokensUnkept, RuntimeError.
 */
export const resumeRun = Effect.fnUntraced(function* (request: TrainRequest, prepared: Prepared) {
  const { store, fail } = prepared
  const print = yield* fingerprint(request, { ...prepared, weights: store.state.weights })
  const fresh: Position = { counters: { fingerprint: print, step: 0, seen: 0, runningReward: 0 } }
  if (!request.resume) return fresh
  const { file, foreign } = request.resume
  const found = yield* readTrainState(file)
  if (Option.isNone(found)) return fresh
  const { counters, bestWeights } = found.value
  if (counters.fingerprint !== print) {
    if (foreign === "error") return yield* fail(new ResumeForeign({ file, step: counters.step }))
    return fresh
  }
  yield* Effect.mapError(store.restore(found.value.store), fail)
  if (request.onResume) yield* request.onResume(counters.step)
  const position: Position = { counters, ...(bestWeights ? { bestWeights } : {}) }
  return position
})
