import type { Architecture } from "./Architecture.ts"

/** Qwen2 and Qwen2.5. */
export const qwen2: Architecture = { name: "qwen2", pairs: "halves", scalings: ["linear", "yarn"], windows: false }
