import { Effect, Stream } from "effect"
import { key, permutation } from "../../random/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import type { Example, StoredExamples } from "../../training/mod.ts"
import { textsAt } from "../data/mod.ts"
import { StepFailed } from "../errors.ts"
import { Progress } from "../Progress.ts"
import { hashValue } from "../store/hash.ts"
import { phaseSeed } from "./prepareModels.ts"
import { trainVersion } from "./trainVersion.ts"
import type { Version } from "./Version.ts"

/** The rows at these places, in this order; memory holds them alone. */
const pickFrom = Effect.fnUntraced(
  function* <A extends Example>({ rows }: StoredExamples<A>, order: Int32Array) {
    const places = new Map(Array.from(order, (row, place) => [row, place]))
    const picked: Array<A> = []
    let row = 0
    yield* Stream.runForEach(rows, (each) =>
      Effect.sync(() => {
        const place = places.get(row++)
        if (place !== undefined) picked[place] = each
      })
    )
    return picked
  },
  Effect.mapError((cause) => new StepFailed({ cause }))
)

/**
 * Offline DPO: from π₀ on pairs made beforehand, as many as the online loop trained on, with the same settings.
 *
 * Source   §4: the baseline "vanilla DPO" of Table 2.
 * Fails    PipelineError, StepFailed.
 */
export const runBaseline = Effect.fn("runBaseline")(function* (
  { file, offline, sources }: CheckedPipeline,
  options: { readonly initial: Version; readonly pairs: number }
) {
  const progress = yield* Progress
  if (offline.length < options.pairs) {
    yield* progress.warn(
      `Offline DPO trains on less: found ${offline.length} pairs, the online loop trained on ${options.pairs}`
    )
  }
  const order = permutation(key(file.seed, "offline"), offline.length).slice(0, options.pairs)
  const examples = yield* pickFrom(offline, order)
  const { loss, ...settings } = file.train
  return yield* trainVersion({
    name: "offline DPO",
    into: "baseline/policy",
    objective: loss,
    from: options.initial,
    reference: options.initial,
    examples,
    examplesHash: hashValue(examples),
    sources: textsAt(sources, "baseline.offlineDpo.data"),
    settings,
    seed: phaseSeed(file.seed, "baseline")
  })
})
