import { Effect, Ref } from "effect"
import { type JudgeCount, JudgeReport } from "../../judge/mod.ts"
import { type Usage, UsageReport } from "../../sampler/mod.ts"

const sum = <K extends string>(counts: ReadonlyArray<Readonly<Record<K, number>>>, key: K): number =>
  counts.reduce((total, count) => total + count[key], 0)

const tokens = (counts: ReadonlyArray<Usage>): string =>
  `${sum(counts, "requests")} requests, ${sum(counts, "promptTokens")} prompt tokens, ${sum(counts, "completionTokens")} completion tokens`

/** What servers were asked, and what judges said, in words; nothing where nobody was asked. */
const notesOf = (usages: ReadonlyArray<Usage>, judged: ReadonlyArray<JudgeCount>): ReadonlyArray<string> => {
  const comparisons = sum(judged, "comparisons")
  if (comparisons === 0) return usages.length === 0 ? [] : [tokens(usages)]
  const agreed = ((100 * sum(judged, "agreed")) / comparisons).toFixed(1)
  const unparsed = `${sum(judged, "unparsed")} of ${sum(judged, "questions")} answers without a verdict`
  return [`${comparisons} comparisons, both orders agree in ${agreed} %, ${unparsed}, ${tokens(judged)}`]
}

/** An effect, and notes on what its questions to servers and judges cost. */
export const withCostNotes = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>) {
  const usages = yield* Ref.make<ReadonlyArray<Usage>>([])
  const judged = yield* Ref.make<ReadonlyArray<JudgeCount>>([])
  const result = yield* effect.pipe(
    Effect.provideService(UsageReport, (usage) => Ref.update(usages, (before) => [...before, usage])),
    Effect.provideService(JudgeReport, (count) => Ref.update(judged, (before) => [...before, count]))
  )
  return { result, notes: notesOf(yield* Ref.get(usages), yield* Ref.get(judged)) }
})
