import { Effect, Schema, Stream } from "effect"
import { defaulted, required } from "../../../schemas/mod.ts"
import { makeNgramIndex } from "../contamination/makeNgramIndex.ts"
import { NameUnknown } from "../errors.ts"
import { kindsOfPart, Part, textsOf } from "../Part.ts"
import { makeRule, type Reason, type SharedWords } from "./Rule.ts"

const params = Schema.Struct({
  against: required(Schema.Array(Schema.String).check(Schema.isMinLength(1)), "Names of the test sets"),
  ngram: defaulted(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })),
    13,
    "How many words in a row have to be the same"
  ),
  of: defaulted(Part, "whole", "The part that is searched")
})

/**
 * Drops records that share a run of words with a test set; why names the item and the run.
 *
 * Source   Brown et al., "Language models are few-shot learners" (2020), appendix C: runs of 13 words.
 * Units    memory: 4 bytes for each word of the test sets, 20 to 40 for each run.
 * Fails    NameUnknown, and what the streams of the test sets fail with
 */
export const decontaminate = makeRule({
  doc: "drops records that share a run of words with a test set",
  params,
  kinds: ({ of }) => kindsOfPart(of),
  open: Effect.fnUntraced(function* ({ against, ngram, of }, { benchmarks = {} }) {
    const index = makeNgramIndex<Pick<SharedWords, "benchmark" | "item">>(ngram)
    for (const name of against) {
      const items = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
      if (items === undefined) {
        const known = Object.keys(benchmarks)
        return yield* new NameUnknown({ rule: "decontaminate", what: "benchmark", name, known })
      }
      yield* Stream.runForEach(items, ({ id, text }) =>
        Effect.sync(() => index.add({ benchmark: name, item: id }, text))
      )
    }
    const texts = textsOf(of)
    return {
      judge: (row): Reason | undefined => {
        const found = texts(row)
          .map(index.overlap)
          .find((overlap) => overlap !== undefined)
        if (found === undefined) return undefined
        const { item, ngram: words } = found
        const why = `${of} shares "${words}" with "${item.benchmark}/${item.item}"`
        return { why, shared: { ...item, part: of, ngram: words } }
      }
    }
  })
})
