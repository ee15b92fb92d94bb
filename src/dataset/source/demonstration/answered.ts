import { Result } from "effect"
import type { Message } from "../../../../schemas/mod.ts"
import { cutResponse } from "../../format/conversation.ts"
import { userPrompt } from "../../format/userPrompt.ts"
import { all, leftOut } from "../reading.ts"

/** The demonstration of one user turn and its answer. */
export const answered = (promptId: string, prompt: string, response: string) =>
  all({ ...userPrompt(promptId, prompt), response })

/**
 * The demonstration of a whole conversation: its last turn of the assistant, and what lies before.
 *
 * Domain   left out by rule: `noResponse` where no user turn is answered; what follows the last answer is cut away.
 */
export const lastAnswer = (promptId: string, field: string, messages: ReadonlyArray<Message>) => {
  const end = messages.findLastIndex(({ role }) => role === "assistant")
  const kept = messages.slice(0, end + 1)
  if (!kept.some(({ role }) => role === "user")) return leftOut("noResponse")
  return Result.map(cutResponse(field, kept), (cut) => all({ promptId, ...cut }))
}
