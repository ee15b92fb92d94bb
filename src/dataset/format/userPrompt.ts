import type { Prompt } from "../../../schemas/mod.ts"

/** A conversation of one user message. */
export const userPrompt = (promptId: string, content: string): Prompt => ({
  promptId,
  messages: [{ role: "user", content }]
})
