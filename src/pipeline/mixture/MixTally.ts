import { Effect } from "effect"
import { countCharacters, type DataRow, GroupedTally } from "../../metric/mod.ts"
import type { Tokenizer } from "../../text/mod.ts"
import { PipelineError, StepEmpty } from "../errors.ts"
import type { MixtureFile } from "./MixtureFile.ts"
import { RuleCounts } from "./RuleCounts.ts"

/** Rows after which whoever waits is told how many were mixed. */
const told = 100_000

/** What is counted of a mixture while it flows. */
export class MixTally {
  readonly rules: RuleCounts
  readonly statistics: GroupedTally
  readonly #bySource = new Map<string, number>()
  mixed = 0
  kept = 0
  rows = 0

  constructor({ filters }: MixtureFile, tokenizer: Tokenizer | undefined) {
    this.rules = new RuleCounts(filters)
    this.statistics = new GroupedTally({
      by: "dataset",
      unit: tokenizer ? "tokens" : "characters",
      lengthOf: tokenizer ? (text) => tokenizer.encode(text).length : countCharacters
    })
  }

  mixedOf(source: string): number {
    return this.#bySource.get(source) ?? 0
  }

  /** Counts rows as they are drawn, and tells at every hundred thousand. */
  readonly draw =
    (tell: (rows: number) => Effect.Effect<void>) =>
    <A extends DataRow & { readonly dataset: string }>(rows: readonly [A, ...Array<A>]) => {
      const before = this.mixed
      for (const { dataset } of rows) this.#bySource.set(dataset, this.mixedOf(dataset) + 1)
      this.mixed += rows.length
      const due = Math.floor(this.mixed / told) > Math.floor(before / told)
      return Effect.as(due ? tell(this.mixed) : Effect.void, rows)
    }

  /** Counts a row that the rules of the whole left. */
  readonly keep = <A>(row: A): A => {
    this.kept++
    return row
  }

  /** Counts a row that is written. */
  readonly write = <A extends DataRow>(row: A): A => {
    this.rows++
    this.statistics.add(row)
    return row
  }

  /** Fails: PipelineError (StepEmpty) where no row was kept. */
  readonly some = ({ name }: MixtureFile): Effect.Effect<void, PipelineError> =>
    Effect.suspend(() => {
      if (this.kept > 0) return Effect.void
      const from = [...this.#bySource.keys()].map((source) => `"${source}"`).join(", ")
      const found = this.mixed === 0 ? "no row in any source" : `no row left of ${this.mixed} (${from})`
      const reason = new StepEmpty({ found, wanted: "at least one" })
      return Effect.fail(new PipelineError({ action: "mix", what: name, reason }))
    })
}
