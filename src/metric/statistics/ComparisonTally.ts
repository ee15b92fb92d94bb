import type { DataGroup } from "../../../schemas/mod.ts"
import { noiseEstimates, shareOf } from "./flipRate.ts"
import { MarginBins } from "./MarginBins.ts"
import { NameCounts } from "./NameCounts.ts"
import { positiveByPrompt } from "./positiveByPrompt.ts"
import { present } from "./present.ts"
import { repeatedLabels } from "./repeatedLabels.ts"
import { textHash } from "./textHash.ts"

/** What is counted of a comparison. */
export interface Compared {
  readonly chosen: string
  readonly rejected: string
  readonly margin: number
  readonly chosenScore?: number
  readonly rejectedScore?: number
  readonly contradicted?: string
}

const nothing = { identical: 0, sameLength: 0, scored: 0, ties: 0, chanceOther: 0 }
const countNames = Object.keys(nothing) as ReadonlyArray<keyof typeof nothing> // as: a literal has no other keys

/** Counts of comparisons. Units: 32 bytes a row for the responses and two signs, and a constant. */
export class ComparisonTally {
  private readonly chosen: Array<number> = []
  private readonly rejected: Array<number> = []
  /** 1 where the label speaks against the scores, −1 where it follows them. */
  private readonly against: Array<number> = []
  /** 1 where the chosen response is the longer one, −1 where the rejected one is. */
  private readonly longer: Array<number> = []
  private readonly margins = new MarginBins()
  private readonly contradicted = new NameCounts()
  private readonly counts = { ...nothing }

  add(row: Compared, lengths: { readonly chosen: number; readonly rejected: number }): void {
    const { counts } = this
    this.chosen.push(textHash(row.chosen))
    this.rejected.push(textHash(row.rejected))
    this.against.push(-Math.sign(row.margin))
    this.longer.push(Math.sign(lengths.chosen - lengths.rejected))
    this.margins.add(row.margin)
    this.contradicted.add(row.contradicted)
    if (row.chosen === row.rejected) counts.identical++
    if (lengths.chosen === lengths.rejected) counts.sameLength++
    if (row.chosenScore !== undefined && row.rejectedScore !== undefined) counts.scored++
    if (row.margin === 0) counts.ties++
    counts.chanceOther += 1 / (1 + Math.exp(row.margin))
  }

  addAll(other: ComparisonTally): void {
    for (const x of other.chosen) this.chosen.push(x)
    for (const x of other.rejected) this.rejected.push(x)
    for (const x of other.against) this.against.push(x)
    for (const x of other.longer) this.longer.push(x)
    this.margins.addAll(other.margins)
    this.contradicted.addAll(other.contradicted)
    for (const name of countNames) this.counts[name] += other.counts[name]
  }

  /** What was counted; `prompts` are the hashes of the rows' prompts. Undefined where there is no comparison. */
  summary(prompts: ReadonlyArray<number>): DataGroup["comparisons"] {
    const { against, chosen, longer, rejected } = this
    const { chanceOther, identical, sameLength, scored, ties } = this.counts
    const rows = chosen.length
    if (rows === 0) return undefined
    const hasMargins = scored > 0 || ties < rows
    const { cycles, repeats } = repeatedLabels({ prompts, chosen, rejected })
    const estimates = {
      scores: noiseEstimates.scores(positiveByPrompt(prompts, against)),
      repeats: noiseEstimates.repeats(repeats),
      cycles: noiseEstimates.cycles(cycles),
      bradleyTerry: hasMargins ? chanceOther / rows : undefined
    }
    return {
      identical,
      sameLength,
      ...present({
        chosenLonger: shareOf(positiveByPrompt(prompts, longer)),
        margins: hasMargins ? { ties, ...this.margins.summary() } : undefined
      }),
      noise: { ...present(estimates), contradicted: this.contradicted.summary() }
    }
  }
}
