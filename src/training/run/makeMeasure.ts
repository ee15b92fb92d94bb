import { Effect, Stream } from "effect"
import { batches } from "../batches.ts"
import { meanOf } from "../meanOf.ts"
import { addTotals, totalsOf } from "../objective/mod.ts"
import type { StepResult } from "../step/mod.ts"
import { allOf, rowLengths, type Tokens } from "../tokens/mod.ts"
import type { TrainRequest } from "../TrainRequest.ts"
import { lossBroken } from "./lossBroken.ts"
import type { Save } from "./makeSave.ts"
import type { Prepared } from "./prepare.ts"
import type { Position } from "./resumeRun.ts"

/** The lowest loss after one more, and the weights that have it: a new lowest loss writes those of now over them. */
const withLoss = ({ bestWeights, counters }: Position, loss: number, weights: Float32Array): Position => {
  const { best } = counters
  if (best !== undefined && loss >= best.loss) {
    return { counters: { ...counters, best: { ...best, ago: best.ago + 1 } }, ...(bestWeights ? { bestWeights } : {}) }
  }
  const kept = bestWeights ?? new Float32Array(weights.length)
  kept.set(weights)
  return { counters: { ...counters, best: { step: counters.step, loss, ago: 0 } }, bestWeights: kept }
}

const totalsOfAll = (tokens: Tokens) =>
  Stream.runFold(
    allOf(tokens),
    () => totalsOf([]),
    (totals, examples) => addTotals(totals, totalsOf(examples))
  )

/**
 * A measure of the held-out examples: what is logged of them, and where the run stands with that. A position that was given
 * before is over: its best weights may be written over.
 *
 * Fails    TrainingError: LossNotFinite; TokensUnkept, RuntimeError.
 */
export const makeMeasure = Effect.fnUntraced(function* (
  request: TrainRequest,
  prepared: Prepared,
  options: { readonly heldOut: Tokens; readonly save: Save }
) {
  const { step, store, tensors } = prepared
  const { heldOut, save } = options
  const totals = yield* totalsOfAll(heldOut)
  const whole = { ...request, epochs: 1, batchSize: heldOut.shapes.length }
  const { microBatches } = batches(rowLengths(heldOut.shapes), whole).at(0)
  return Effect.fnUntraced(function* (position: Position) {
    const { runningReward } = position.counters
    const results: Array<StepResult> = []
    for (const rows of microBatches) {
      const examples = yield* heldOut.pick(rows)
      const result = yield* step.evaluate(examples, tensors, { totals, runningReward })
      if (!Number.isFinite(result.loss)) {
        const at = { step: position.counters.step, examples, position, save }
        return yield* lossBroken(prepared, { ...at, what: "held-out loss", found: result.loss })
      }
      results.push(result)
    }
    const loss = results.reduce((sum, result) => sum + result.loss, 0)
    const measures = Object.entries(meanOf(results)).map(([name, mean]) => [`eval_${name}`, mean] as const)
    return {
      position: withLoss(position, loss, store.state.weights),
      measures: { eval_loss: loss, ...Object.fromEntries(measures) }
    }
  })
})
