import type { Audit } from "../../../schemas/mod.ts"
import { TextError, type Tokenizer } from "../../text/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { FittedSequence } from "./fitLength.ts"
import { learnedCount } from "../../model/mod.ts"
import type { Outcome } from "./Outcome.ts"

const spread = (values: ReadonlyArray<number>): Audit["lengths"]["prompt"] => ({
  min: values.reduce((least, value) => Math.min(least, value), values[0] ?? 0),
  mean: values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1),
  max: values.reduce((most, value) => Math.max(most, value), 0)
})

const total = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0)

const countBy = (names: ReadonlyArray<string>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** The tag of what is wrong with an example. */
export const tagOf = ({ cause }: ExampleInvalid): string => {
  if (cause instanceof TextError) return cause.reason._tag
  return typeof cause === "object" && cause !== null && "_tag" in cause ? String(cause._tag) : "Unknown"
}

const startsOf = ({ bosId }: Tokenizer, sequences: ReadonlyArray<FittedSequence>): Audit["starts"] => {
  const began = sequences.filter(({ ids }) => bosId !== undefined && ids[0] === bosId)
  const twice = began.filter(({ startRemoved }) => startRemoved).length
  return { once: began.length - twice, twice, never: sequences.length - began.length }
}

const endsOf = ({ eosIds }: Tokenizer, sequences: ReadonlyArray<FittedSequence>): Audit["ends"] => {
  const isEnd = (id: number | undefined) => id !== undefined && eosIds.includes(id)
  const lost = sequences.filter(({ cut }) => cut === "response").length
  const ended = sequences.filter(({ cut, ids }) => cut !== "response" && isEnd(ids.at(-1)))
  const unlearned = ended.filter(({ ids, learned }) => learned?.at(ids.length - 1) === 0).length
  const twice = ended.filter(({ ids }) => isEnd(ids.at(-2))).length
  return { once: ended.length - twice - unlearned, twice, unlearned, lost }
}

/**
 * Counts what became of examples.
 *
 * Domain   A sequence that neither ends with an end token nor lost it, a question answered by a letter, counts in none of
 *          `ends`; one that is learned without its end token counts as unlearned.
 */
export const auditOf = (tokenizer: Tokenizer, outcomes: ReadonlyArray<Outcome>): Audit => {
  const kept = outcomes.flatMap((outcome) => (outcome._tag === "Kept" ? [outcome] : []))
  const sequences = kept.flatMap((outcome) => outcome.sequences)
  const prompts = sequences.map(({ promptLength }) => promptLength)
  const responses = sequences.map(({ ids, promptLength }) => ids.length - promptLength)
  const { bosId, eosIds, padId } = tokenizer
  return {
    examples: outcomes.length,
    kept: kept.length,
    sequences: sequences.length,
    tokens: { prompt: total(prompts), response: total(responses), learned: total(sequences.map(learnedCount)) },
    lengths: {
      prompt: spread(prompts),
      response: spread(responses),
      sequence: spread(sequences.map(({ ids }) => ids.length))
    },
    special: {
      ...(bosId === undefined ? {} : { bos: bosId }),
      ends: eosIds,
      ...(padId === undefined ? {} : { pad: padId }),
      padIsEnd: padId !== undefined && eosIds.includes(padId)
    },
    starts: startsOf(tokenizer, sequences),
    ends: endsOf(tokenizer, sequences),
    truncated: {
      prompt: sequences.filter(({ cut }) => cut === "prompt").length,
      response: sequences.filter(({ cut }) => cut === "response").length
    },
    emptyResponses: total(kept.map(({ emptyResponses }) => emptyResponses)),
    apart: total(sequences.map(({ apart }) => apart)),
    dropped: countBy(outcomes.flatMap((outcome) => (outcome._tag === "Dropped" ? [outcome.rule] : []))),
    invalid: countBy(outcomes.flatMap((outcome) => (outcome._tag === "Invalid" ? [tagOf(outcome.problem)] : [])))
  }
}
