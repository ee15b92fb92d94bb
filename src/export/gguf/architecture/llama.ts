import type { Architecture } from "./Architecture.ts"

/** Llama, and Mistral within its window. */
export const llama: Architecture = {
  name: "llama",
  pairs: "neighbours",
  scalings: ["linear", "yarn", "llama3"],
  windows: false
}
