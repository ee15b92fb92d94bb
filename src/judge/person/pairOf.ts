import type { Message, Pair } from "../../../schemas/mod.ts"
import { key } from "../../random/mod.ts"

const hex = (word: number): string => word.toString(16).padStart(8, "0")

/**
 * The pair of two responses to a conversation, named by what is in it: the same texts make the same pair in every run and
 * whichever response is named first.
 *
 * Domain   `pairId` is a hash of 64 bits.
 */
export const pairOf = (
  { messages, promptId }: { readonly messages: ReadonlyArray<Message>; readonly promptId?: string },
  one: string,
  other: string
): Pair => {
  const [first, second] = one <= other ? [one, other] : [other, one]
  const conversation = messages.map(({ content, role }) => [role, content])
  const pairId = key("pair", JSON.stringify([conversation, first, second]))
    .map(hex)
    .join("")
  return { pairId, promptId: promptId ?? pairId, messages, first, second }
}
