import type { CacheSize } from "./Cache.ts"

/** Slots are as long as a multiple of this, so that requests of like lengths do not ask for a new cache each (tokens). */
const granule = 64

/** What a cache is planned for. */
export interface CachePlan {
  readonly bytesPerToken: number
  /** The most rows that grow at the same time. */
  readonly slots: number
  /** Units: bytes; no limit if absent. */
  readonly memory?: number | undefined
  /** The longest that a slot can be, and the shortest that is wanted. Units: tokens. */
  readonly contextLength: number
  readonly slotTokens?: number | undefined
}

const slotsOf = ({ bytesPerToken, memory = Infinity, slots }: CachePlan, length: number): number =>
  Math.min(slots, Math.floor(memory / (bytesPerToken * length)))

/** The longest row that the budget holds. Units: tokens. */
export const longestRow = ({ bytesPerToken, contextLength, memory = Infinity }: CachePlan): number =>
  Math.min(contextLength, Math.floor(memory / bytesPerToken))

/**
 * The cache for rows that wait: as many slots as the budget holds, each long enough for all rows, or for the first ones
 * where the longest of all would cost slots; longer where that costs none.
 *
 * Units    `needs` in tokens, one for each row in the order of their turn.
 * Domain   No row needs more than `longestRow`.
 */
export const planCache = (plan: CachePlan, needs: ReadonlyArray<number>): CacheSize => {
  const { bytesPerToken, contextLength, memory = Infinity, slotTokens = 1 } = plan
  const longestOf = (rows: ReadonlyArray<number>) =>
    rows.reduce((a, b) => Math.max(a, b), Math.min(slotTokens, longestRow(plan)))
  const forAll = slotsOf(plan, longestOf(needs))
  const wanted = longestOf(forAll === plan.slots ? needs : needs.slice(0, Math.max(forAll, 1)))
  const slots = slotsOf(plan, wanted)
  const room = Math.min(contextLength, Math.floor(memory / (bytesPerToken * slots)))
  return { slots, length: Math.min(Math.ceil(wanted / granule) * granule, room) }
}
