import type { Row } from "./Row.ts"
import type { Holding, Judging, Reason, Work } from "./rule/Rule.ts"
import type { CurationReport } from "./CurationReport.ts"

/** A row that does not go on: who dropped it, and why. */
export interface Dropped<A> extends Reason {
  readonly rule: string
  readonly row: A
}

/** A step at work: rows in, rows out; `end` gives the rows that were kept back. */
export interface OpenStep<A> {
  readonly take: (rows: ReadonlyArray<A>) => ReadonlyArray<A>
  readonly end: () => ReadonlyArray<A>
  readonly report: () => CurationReport["steps"][number]
}

/** What every step is told. */
export interface StepOptions<A> {
  readonly rule: string
  readonly examples: number
  readonly drop: (dropped: Dropped<A>) => void
}

const judging = <A extends Row>(
  { judge }: Judging,
  drop: (row: A, reason: Reason) => void
): Pick<OpenStep<A>, "take" | "end"> => ({
  take: (rows) =>
    rows.filter((row) => {
      const found = judge(row)
      if (found !== undefined) drop(row, typeof found === "string" ? { why: found } : found)
      return found === undefined
    }),
  end: () => []
})

const holding = <A extends Row>(
  { hold, why }: Holding,
  drop: (row: A, reason: Reason) => void
): Pick<OpenStep<A>, "take" | "end"> => {
  const held = new Map<number, A>()
  let count = 0
  const put = (row: A) => {
    held.set(count, row)
    const out = hold(row, count++)
    const fallen = out === undefined ? undefined : held.get(out)
    if (out === undefined || fallen === undefined) return
    held.delete(out)
    drop(fallen, { why })
  }
  return {
    take: (rows) => {
      rows.forEach(put)
      return []
    },
    end: () => [...held.values()]
  }
}

/** Puts a rule to work and counts what it drops. */
export const openStep = <A extends Row>(work: Work, { rule, examples, drop }: StepOptions<A>): OpenStep<A> => {
  const shown: Array<{ readonly id: string; readonly why: string }> = []
  let rowsIn = 0
  let dropped = 0
  const tell = (row: A, reason: Reason) => {
    dropped++
    if (shown.length < examples) shown.push({ id: row.promptId, why: reason.why })
    drop({ rule, ...reason, row })
  }
  const { take, end } = "judge" in work ? judging(work, tell) : holding(work, tell)
  return {
    take: (rows) => {
      rowsIn += rows.length
      return take(rows)
    },
    end,
    report: () => ({ rule, rowsIn, dropped, examples: shown })
  }
}
