import { Effect } from "effect"
import { availableMemory } from "../runtime/mod.ts"

/** The share of the memory that is left which a training may take: predictions hold within a fifth. */
export const budgetShare = 0.8

/**
 * The memory that a training phase stays within where its settings do not say: a share of what the machine, or the control
 * group around the process, has left when the phase begins, what the process holds already included.
 *
 * Units    bytes.
 */
export const defaultBudget = Effect.map(availableMemory, (left) =>
  Math.floor(budgetShare * (left + process.memoryUsage.rss()))
)
