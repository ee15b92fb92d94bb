import type { Comparison } from "../Preference.ts"
import type { Verdict } from "../parseVerdict.ts"

/** How a judge is asked to compare two responses, and the verdicts it may give. */
export interface JudgePrompt {
  readonly verdicts: ReadonlyArray<Verdict>
  readonly ask: (comparison: Comparison) => string
}

const speakers = { system: "System", user: "User", assistant: "Assistant" } as const

const part = (title: string, text: string) => `<|begin of ${title}|>\n${text}\n<|end of ${title}|>`

/** The conversation, and the two responses under letters. */
export const shown = ({ first, messages, second }: Comparison): string => {
  const turns = messages.map(({ content, role }) => `${speakers[role]}: ${content}`)
  const parts = [part("conversation", turns.join("\n\n")), part("response A", first), part("response B", second)]
  return parts.join("\n\n")
}
