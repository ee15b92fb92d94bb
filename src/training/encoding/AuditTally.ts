import { Predicate } from "effect"
import type { Audit } from "../../../schemas/mod.ts"
import { learnedCount } from "../../model/mod.ts"
import { TextError, type Tokenizer } from "../../text/mod.ts"
import type { ExampleInvalid } from "../errors.ts"
import type { FittedSequence } from "./fitLength.ts"
import type { Outcome } from "./Outcome.ts"

/** The least, the greatest and the sum of some lengths. */
class Spread {
  private count = 0
  private min = 0
  private max = 0
  total = 0

  add(length: number): void {
    this.min = this.count === 0 ? length : Math.min(this.min, length)
    this.max = Math.max(this.max, length)
    this.total += length
    this.count += 1
  }

  get lengths(): Audit["lengths"]["prompt"] {
    return { min: this.min, mean: this.total / Math.max(this.count, 1), max: this.max }
  }
}

/** The tag of what is wrong with an example. */
const tagOf = ({ cause }: ExampleInvalid): string => {
  if (cause instanceof TextError) return cause.reason._tag
  return Predicate.hasProperty(cause, "_tag") ? String(cause._tag) : "Unknown"
}

const count = (counts: Record<string, number>, name: string): void => void (counts[name] = (counts[name] ?? 0) + 1)

/**
 * Counts what becomes of examples, one after another.
 *
 * Domain   A sequence that neither ends with an end token nor lost it, a question answered by a letter, counts in none of
 *          `ends`; one that is learned without its end token counts as unlearned.
 */
export class AuditTally {
  private readonly tokenizer: Tokenizer
  private readonly spreads = { prompt: new Spread(), response: new Spread(), sequence: new Spread() }
  private readonly starts = { once: 0, twice: 0, never: 0 }
  private readonly ends = { once: 0, twice: 0, unlearned: 0, lost: 0 }
  private readonly truncated = { prompt: 0, response: 0 }
  private readonly dropped: Record<string, number> = {}
  private readonly invalid: Record<string, number> = {}
  private readonly sums = { examples: 0, kept: 0, sequences: 0, learned: 0, emptyResponses: 0, apart: 0 }

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer
  }

  add(outcome: Outcome): void {
    this.sums.examples += 1
    if (outcome._tag === "Dropped") return count(this.dropped, outcome.rule)
    if (outcome._tag === "Invalid") return count(this.invalid, tagOf(outcome.problem))
    this.sums.kept += 1
    this.sums.emptyResponses += outcome.emptyResponses
    for (const sequence of outcome.sequences) this.addSequence(sequence)
  }

  private addSequence(sequence: FittedSequence): void {
    const { apart, cut, ids, promptLength } = sequence
    this.sums.sequences += 1
    this.sums.learned += learnedCount(sequence)
    this.sums.apart += apart
    this.spreads.prompt.add(promptLength)
    this.spreads.response.add(ids.length - promptLength)
    this.spreads.sequence.add(ids.length)
    if (cut) this.truncated[cut] += 1
    this.addStart(sequence)
    this.addEnd(sequence)
  }

  private addStart({ ids, startRemoved }: FittedSequence): void {
    const { bosId } = this.tokenizer
    if (bosId === undefined || ids[0] !== bosId) this.starts.never += 1
    else this.starts[startRemoved ? "twice" : "once"] += 1
  }

  private addEnd({ cut, ids, learned }: FittedSequence): void {
    const isEnd = (id: number | undefined) => id !== undefined && this.tokenizer.eosIds.includes(id)
    if (cut === "response") this.ends.lost += 1
    else if (isEnd(ids.at(-1))) {
      const twice = isEnd(ids.at(-2))
      const unlearned = learned?.at(ids.length - 1) === 0
      this.ends.once += 1 - Number(twice) - Number(unlearned)
      this.ends.twice += Number(twice)
      this.ends.unlearned += Number(unlearned)
    }
  }

  /** What was counted so far. */
  get audit(): Audit {
    const { bosId, eosIds, padId } = this.tokenizer
    const { examples, kept, sequences, learned, ...others } = this.sums
    const { prompt, response, sequence } = this.spreads
    return {
      examples,
      kept,
      sequences,
      tokens: { prompt: prompt.total, response: response.total, learned },
      lengths: { prompt: prompt.lengths, response: response.lengths, sequence: sequence.lengths },
      special: {
        ...(bosId === undefined ? {} : { bos: bosId }),
        ends: eosIds,
        ...(padId === undefined ? {} : { pad: padId }),
        padIsEnd: padId !== undefined && eosIds.includes(padId)
      },
      starts: { ...this.starts },
      ends: { ...this.ends },
      truncated: { ...this.truncated },
      ...others,
      dropped: { ...this.dropped },
      invalid: { ...this.invalid }
    }
  }
}
