import type { Comparison, Demonstration, Prompt } from "../../schemas/mod.ts"

/** A prompt of one turn. */
export const prompt = (promptId: string, content = "?"): Prompt => ({
  promptId,
  messages: [{ role: "user", content }]
})

/** A comparison of "good" and "bad" unless told. */
export const comparison = (promptId: string, more: Partial<Comparison> = {}): Comparison => ({
  ...prompt(promptId),
  chosen: "good",
  rejected: "bad",
  margin: 0,
  ...more
})

/** A prompt and its answer. */
export const demonstration = (promptId: string, response: string): Demonstration => ({
  ...prompt(promptId),
  response
})
