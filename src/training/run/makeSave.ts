import { Effect } from "effect"
import { firstNotFinite } from "../loadWeights.ts"
import type { ParameterStore } from "../ParameterStore.ts"
import type { TrainRequest } from "../TrainRequest.ts"
import { writeTrainState } from "../trainState.ts"
import type { Position } from "./resumeRun.ts"

/** The state of a run that is on the disk. */
export interface Kept {
  readonly file: string
  readonly step: number
}

/**
 * Writes where a run stands, if the request asks for that, and gives what is on the disk afterwards: the state before, when
 * a weight of this one is no number.
 *
 * Fails    RuntimeError.
 */
export const makeSave = (request: TrainRequest, store: ParameterStore, begun: Position) => {
  let kept: Kept | undefined =
    request.resume && begun.counters.step > 0 ? { file: request.resume.file, step: begun.counters.step } : undefined
  return Effect.fnUntraced(function* (position: Position) {
    if (!request.resume || firstNotFinite("", store.state.weights)) return kept
    const { file } = request.resume
    yield* writeTrainState(file, { ...position, store: store.state })
    kept = { file, step: position.counters.step }
    return kept
  })
}

/** Writes where a run stands, as `makeSave` makes it. */
export type Save = ReturnType<typeof makeSave>
