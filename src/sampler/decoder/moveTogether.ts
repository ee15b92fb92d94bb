import { Effect } from "effect"
import { rowsInUse } from "./advance.ts"
import { stepRows } from "./makeSteps.ts"
import { leave, type OpenCache, seat } from "./OpenCache.ts"

/**
 * Moves rows from the last slots to free ones before them, where that makes steps smaller: when no more rows come.
 *
 * Fails    RuntimeError.
 */
export const moveTogether = Effect.fnUntraced(function* (open: OpenCache) {
  const { cache, parts, slots } = open
  const growing = slots.filter(({ row }) => row?.ready).length
  const wanted = stepRows(growing, slots.length)
  if (stepRows(rowsInUse(open), slots.length) <= wanted) return
  for (const slot of slots.slice(wanted)) {
    const { row } = slot
    const target = slots.slice(0, slot.index).find((each) => each.row === undefined)
    if (!row?.ready || target === undefined) continue
    target.row = row // nobody else takes the slot meanwhile
    target.read = new Int32Array()
    yield* parts.copy(cache, { from: slot.index, to: target.index, tokens: row.length })
    target.read = slot.read
    leave(open, slot)
    seat(open, target, row)
  }
})
