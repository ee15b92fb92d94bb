import { Effect } from "effect"
import type { Dropped, Row, Steps } from "../../curation/mod.ts"
import type { RuleCount } from "./MixReport.ts"

/** Rows that are shown of what a rule dropped. */
const shown = 3

/** Counts of what the steps of a list drop, by their rules, in the order of the list. */
export class RuleCounts {
  readonly #counts: ReadonlyMap<string, { dropped: number; readonly examples: Array<{ id: string; why: string }> }>

  constructor(steps: Steps) {
    this.#counts = new Map(steps.flatMap(Object.keys).map((rule) => [rule, { dropped: 0, examples: [] }]))
  }

  readonly drop = (dropped: ReadonlyArray<Dropped<Row>>): Effect.Effect<void> =>
    Effect.sync(() => {
      for (const { row, rule, why } of dropped) {
        const count = this.#counts.get(rule)
        if (count === undefined) continue
        count.dropped++
        if (count.examples.length < shown) count.examples.push({ id: row.promptId, why })
      }
    })

  counts(): ReadonlyArray<RuleCount> {
    return [...this.#counts].map(([rule, { dropped, examples }]) => ({ rule, dropped, examples: [...examples] }))
  }
}
