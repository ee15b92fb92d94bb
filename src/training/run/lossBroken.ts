import { Effect } from "effect"
import { LossNotFinite } from "../errors.ts"
import type { Encoded } from "../objective/mod.ts"
import type { Save } from "./makeSave.ts"
import type { Prepared } from "./prepare.ts"
import type { Position } from "./resumeRun.ts"

/**
 * The end of a run whose numbers are no longer numbers: keeps what is good, and says where it broke.
 *
 * Fails    always: TrainingError with LossNotFinite; RuntimeError.
 */
export const lossBroken = Effect.fnUntraced(function* (
  { fail, step, tensors }: Prepared,
  at: {
    readonly what: LossNotFinite["what"]
    readonly found: number
    /** The step that broke, counted from 1. */
    readonly step: number
    readonly examples: ReadonlyArray<Encoded>
    readonly position: Position
    readonly save: Save
  }
) {
  const place = yield* step.locate(at.examples, tensors)
  const kept = yield* at.save(at.position)
  return yield* fail(
    new LossNotFinite({
      step: at.step,
      what: at.what,
      found: String(at.found),
      ...(place ? { at: place } : {}),
      ...(kept ? { kept } : {})
    })
  )
})
