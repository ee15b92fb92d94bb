import type { Architecture } from "./Architecture.ts"

/** Phi-3, its projections fused as in the checkpoint. */
export const phi3: Architecture = { name: "phi3", pairs: "halves", scalings: [], windows: false }
