import { Result } from "effect"
import type { Message, Problem } from "../../../schemas/mod.ts"

const marker = /\n\n(Human|Assistant):/g

/**
 * The turns of a text in which each begins with an empty line and "Human:" or "Assistant:".
 *
 * Source   Layout of Anthropic's hh-rlhf files; Nectar's card names the same for its prompts.
 * Domain   each turn is trimmed; a turn may be empty.
 */
export const transcript = (field: string, text: string): Result.Result<ReadonlyArray<Message>, Problem> => {
  const marks = [...text.matchAll(marker)]
  const [first] = marks
  if (first?.index !== 0 || first[1] !== "Human") {
    const found = JSON.stringify(text.slice(0, 30))
    return Result.fail({ field, found, wanted: 'a text that begins with an empty line and "Human:"' })
  }
  return Result.succeed(
    marks.map((mark, i) => ({
      role: mark[1] === "Human" ? "user" : "assistant",
      content: text.slice(mark.index + mark[0].length, marks[i + 1]?.index ?? text.length).trim()
    }))
  )
}
