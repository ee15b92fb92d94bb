import { Array as Arrays, Console, Effect, Stream } from "effect"
import { Judgement, Preference } from "../../../schemas/mod.ts"
import type { AnnotatorAgreement, Undecided } from "../../judge/person/mod.ts"
import { BadInput } from "../BadInput.ts"
import { printJson } from "../printJson.ts"
import { badInput } from "./readExamples.ts"

/** How annotators agree, in one line. */
export const agreementLine = ({ annotators, kappa, measure, observed, pairs }: AnnotatorAgreement): string => {
  const value = kappa === undefined ? "none (one label only)" : kappa.toFixed(3)
  return `Agreement of ${annotators.join(", ")} on ${pairs} pairs: ${(100 * observed).toFixed(1)} % of labels, ${measure}'s kappa ${value}`
}

/** The verdicts of all files; of two by one annotator on one pair the later one. */
const readAll = Effect.fnUntraced(function* (paths: ReadonlyArray<string>) {
  const { readRecords } = yield* Effect.promise(() => import("../../arrow/mod.ts"))
  const found = yield* Effect.forEach(paths, (path) => badInput(Stream.runCollect(readRecords(path, Judgement))))
  const rows = found.flat().flatMap((batch) => batch.rows)
  return [...new Map(rows.map((row) => [JSON.stringify([row.annotator, row.pairId]), row])).values()]
})

/**
 * Writes the preferences that the majority of annotators have, and says how many pairs give none.
 *
 * Fails    BadInput when a file cannot be read, or no pair gives a preference; ArrowError when none can be written.
 */
export const preferences = Effect.fn("preferences")(function* (options: {
  readonly labels: ReadonlyArray<string>
  readonly out: string
  readonly json: boolean
}) {
  const { annotatorAgreement, majority } = yield* Effect.promise(() => import("../../judge/person/mod.ts"))
  const { fromRows, writeJsonLines } = yield* Effect.promise(() => import("../../arrow/mod.ts"))
  const judgements = yield* readAll(options.labels)
  const [rows, undecided] = Arrays.partition(majority(judgements), (result) => result)
  const dropped: Record<Undecided, number> = { tie: 0, identical: 0, empty: 0 }
  for (const why of undecided) dropped[why]++
  const pairs = rows.length + undecided.length
  const counts = `${dropped.tie} ties, ${dropped.identical} identical, ${dropped.empty} empty`
  if (rows.length === 0) {
    const message = `Cannot make preferences: found none in ${pairs} judged pairs (${counts}), wanted at least one`
    return yield* new BadInput({ message })
  }
  yield* Stream.make(fromRows(Preference, rows)).pipe(writeJsonLines(options.out, Preference))
  const agreement = annotatorAgreement(judgements)
  if (options.json) {
    const found = agreement === undefined ? {} : { agreement }
    return yield* printJson({ verdicts: judgements.length, pairs, preferences: rows.length, dropped, ...found })
  }
  yield* Console.log(`Wrote ${rows.length} preferences of ${pairs} judged pairs to "${options.out}"; dropped ${counts}`)
  if (agreement !== undefined) yield* Console.log(agreementLine(agreement))
})
