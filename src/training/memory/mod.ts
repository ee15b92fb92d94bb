/**
 * The peak memory of a training step, known before it runs, and what is recomputed so that it fits.
 *
 * ```ts
 * const { memory, predicted } = yield* Effect.fromResult(planMemory({ model, trained, frozen: [], moments: 2, kind: "causal", squares: false, strip, budget }))
 * ```
 */
export { MemoryExceeded } from "./errors.ts"
export { headOf } from "./headOf.ts"
export { enclose, largestStrip } from "./largestStrip.ts"
export type { MemoryRequest } from "./MemoryRequest.ts"
export { type MemoryPlan, planMemory } from "./planMemory.ts"
export type { StripSizes } from "./predictMemory.ts"
