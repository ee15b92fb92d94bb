import { Result } from "effect"
import { renderChat } from "./renderChat.ts"
import type { Tokenizer } from "./Tokenizer.ts"

/** The special token that the chat template prints after a response, or none. */
export const endOfTurn = (tokenizer: Tokenizer): number | undefined => {
  const content = "Blue."
  const text = renderChat(
    tokenizer,
    [
      { role: "user", content: "Which colour?" },
      { role: "assistant", content }
    ],
    { addGenerationPrompt: false }
  )
  if (Result.isFailure(text)) return undefined
  const at = text.success.indexOf(content)
  const [first] = at < 0 ? [] : tokenizer.encode(text.success.slice(at + content.length).replace(/^ +/, ""))
  return first !== undefined && tokenizer.isSpecial(first) ? first : undefined
}
