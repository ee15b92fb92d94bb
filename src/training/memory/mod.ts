/**
 * The peak memory of a training step, known before it runs, and what is recomputed so that it fits.
 *
 * ```ts
 * const { memory, predicted } = yield* Effect.fromResult(planMemory({ model, trained, frozen: [], moments: 2, kind: "causal", squares: false, strips, budget }))
 * ```
 */
export { largestStrips } from "./blocksOf.ts"
export { MemoryExceeded } from "./errors.ts"
export { type MemoryPlan, type MemoryRequest, planMemory } from "./planMemory.ts"
export type { StripSizes } from "./predictMemory.ts"
