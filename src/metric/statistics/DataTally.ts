import type { DataGroup, Prompt } from "../../../schemas/mod.ts"
import { roundEdges } from "../bins.ts"
import { ComparisonTally } from "./ComparisonTally.ts"
import { shareOf } from "./flipRate.ts"
import { LengthCounts } from "./LengthCounts.ts"
import { NameCounts } from "./NameCounts.ts"
import { positiveByPrompt } from "./positiveByPrompt.ts"
import { present } from "./present.ts"
import { countDistinct } from "./repeatedLabels.ts"
import { textHash } from "./textHash.ts"

/** A row of data of any kind, as far as it is counted: prompts, demonstrations, judged responses and comparisons are rows. */
export interface DataRow extends Prompt {
  readonly dataset?: string
  readonly source?: string
  readonly split?: string
  readonly annotator?: string
  readonly response?: string
  readonly desirable?: boolean
  readonly chosen?: string
  readonly rejected?: string
  readonly margin?: number
  readonly chosenScore?: number
  readonly rejectedScore?: number
  readonly contradicted?: string
}

const partNames = ["prompt", "response", "chosen", "rejected"] as const
type PartName = (typeof partNames)[number]

/** Bins of a histogram of lengths, at most; the edges end where 99 of 100 lengths are covered. */
const bins = 20
const covered = 0.99

const contentOf = ({ messages }: Prompt): string =>
  messages.map(({ role, content }) => `${role}\n${content}`).join("\0")

/**
 * Counts of the rows of one group.
 *
 * Domain   `lengthOf` gives the length of a text; that of a prompt is the sum of its messages'.
 *          Memory: 16 bytes a row for its prompt and a sign, 32 more for two responses, and what LengthCounts needs.
 */
export class DataTally {
  readonly name: string
  private rows = 0
  /** 1 where a response was judged to be desirable, −1 where not, 0 where it was not judged. */
  private readonly desirable: Array<number> = []
  private readonly prompts: Array<number> = []
  private readonly sources = new NameCounts()
  private readonly annotators = new NameCounts()
  private readonly comparisons = new ComparisonTally()
  private readonly lengths: Readonly<Record<PartName, LengthCounts>> = {
    prompt: new LengthCounts(),
    response: new LengthCounts(),
    chosen: new LengthCounts(),
    rejected: new LengthCounts()
  }

  constructor(name: string) {
    this.name = name
  }

  add(row: DataRow, lengthOf: (text: string) => number): void {
    const { chosen, desirable, rejected, response } = row
    this.rows++
    this.prompts.push(textHash(contentOf(row)))
    this.sources.add(row.source)
    this.annotators.add(row.annotator)
    this.lengths.prompt.add(row.messages.reduce((sum, { content }) => sum + lengthOf(content), 0))
    if (response !== undefined) this.lengths.response.add(lengthOf(response))
    this.desirable.push(desirable === undefined ? 0 : desirable ? 1 : -1)
    if (chosen === undefined || rejected === undefined) return
    const lengths = { chosen: lengthOf(chosen), rejected: lengthOf(rejected) }
    this.lengths.chosen.add(lengths.chosen)
    this.lengths.rejected.add(lengths.rejected)
    this.comparisons.add({ ...row, chosen, rejected, margin: row.margin ?? 0 }, lengths)
  }

  /** Adds what another group counted: rows of comparisons and of other kinds are not mixed. */
  addAll(other: DataTally): void {
    this.rows += other.rows
    for (const sign of other.desirable) this.desirable.push(sign)
    for (const prompt of other.prompts) this.prompts.push(prompt)
    this.sources.addAll(other.sources)
    this.annotators.addAll(other.annotators)
    for (const part of partNames) this.lengths[part].addAll(other.lengths[part])
    this.comparisons.addAll(other.comparisons)
  }

  /** Edges of one histogram for all responses, so that they can be laid over each other. */
  private edgesOf(parts: ReadonlyArray<PartName>): ReadonlyArray<number> {
    const ends = parts.map((part) => (this.lengths[part].rows === 0 ? 0 : this.lengths[part].quantile(covered)))
    return roundEdges(Math.max(...ends) + 1, bins) // + 1: an upper edge is not of its bin
  }

  summary(): DataGroup {
    const { desirable, lengths, name, prompts, rows } = this
    const edges = this.edgesOf(["response", "chosen", "rejected"])
    return {
      name,
      rows,
      prompts: countDistinct(prompts),
      sources: this.sources.summary(),
      annotators: this.annotators.summary(),
      lengths: present({
        prompt: lengths.prompt.summary(this.edgesOf(["prompt"])),
        response: lengths.response.summary(edges),
        chosen: lengths.chosen.summary(edges),
        rejected: lengths.rejected.summary(edges)
      }),
      ...present({
        desirable: shareOf(positiveByPrompt(prompts, desirable)),
        comparisons: this.comparisons.summary(prompts)
      })
    }
  }
}
