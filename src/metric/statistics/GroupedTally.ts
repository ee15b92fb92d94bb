import type { DatasetStatistics } from "../../../schemas/mod.ts"
import { type DataRow, DataTally } from "./DataTally.ts"
import { mostNames, others } from "./NameCounts.ts"

/** How rows are grouped, and what their lengths count. */
export interface TallyOptions {
  readonly by: "dataset" | "source" | "split"
  readonly unit: "characters" | "tokens"
  readonly lengthOf: (text: string) => number
}

/** What a row that names no group is counted under. */
const unnamed = "(none)"

/**
 * Statistics of rows of one kind that come one by one: of each data set, source or split, and of all.
 *
 * Domain   At most 256 groups, those met first; later ones are one group, `(others)`. Memory as DataTally says.
 */
export class GroupedTally {
  private readonly groups = new Map<string, DataTally>()
  private readonly options: TallyOptions

  constructor(options: TallyOptions) {
    this.options = options
  }

  add(row: DataRow): void {
    const wanted = row[this.options.by] ?? unnamed
    const name = this.groups.has(wanted) || this.groups.size < mostNames ? wanted : others
    const group = this.groups.get(name) ?? new DataTally(name)
    this.groups.set(name, group)
    group.add(row, this.options.lengthOf)
  }

  summary(): DatasetStatistics {
    const { by, unit } = this.options
    const groups = [...this.groups.values()].map((group) => group.summary())
    const [only, other] = groups
    if (only && other === undefined) return { unit, by, all: { ...only, name: "all" }, groups }
    const all = new DataTally("all")
    for (const group of this.groups.values()) all.addAll(group)
    return { unit, by, all: all.summary(), groups }
  }
}
