import { Effect } from "effect"
import { batches } from "../batches.ts"
import { meanOf } from "../meanOf.ts"
import { totalsOf } from "../objective/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"
import { lossBroken } from "./lossBroken.ts"
import type { Save } from "./makeSave.ts"
import type { Prepared } from "./prepare.ts"
import type { Position } from "./resumeRun.ts"

/** The lowest loss after one more, and the weights that have it: a new lowest loss keeps those of now. */
const withLoss = ({ bestWeights, counters }: Position, loss: number, weights: Float32Array): Position => {
  const { best } = counters
  if (best === undefined || loss < best.loss) {
    return { counters: { ...counters, best: { step: counters.step, loss, ago: 0 } }, bestWeights: weights.slice() }
  }
  return { counters: { ...counters, best: { ...best, ago: best.ago + 1 } }, ...(bestWeights ? { bestWeights } : {}) }
}

/**
 * What is logged of the held-out examples, and where the run stands with that.
 *
 * Fails    TrainingError: LossNotFinite; RuntimeError.
 */
export const measureHeldOut = Effect.fnUntraced(function* (
  request: TrainRequest,
  prepared: Prepared,
  at: { readonly position: Position; readonly save: Save }
) {
  const { heldOut, step, store, tensors } = prepared
  const { position, save } = at
  const whole = batches(heldOut, { ...request, epochs: 1, batchSize: heldOut.length })
  const context = { totals: totalsOf(heldOut), runningReward: position.counters.runningReward }
  const microBatches = whole.flatMap((batch) => batch.microBatches)
  const results = yield* Effect.forEach(microBatches, (micro) => step.evaluate(micro, tensors, context))
  const loss = results.reduce((total, result) => total + result.loss, 0)
  if (!Number.isFinite(loss)) {
    const broken = { what: "held-out loss", found: loss, step: position.counters.step, examples: heldOut } as const
    return yield* lossBroken(prepared, { ...broken, position, save })
  }
  const measures = Object.entries(meanOf(results)).map(([name, mean]) => [`eval_${name}`, mean] as const)
  return {
    position: withLoss(position, loss, store.state.weights),
    measures: { eval_loss: loss, ...Object.fromEntries(measures) }
  }
})
