import { Effect } from "effect"
import type { Message, Response } from "../../schemas/mod.ts"
import type { Sequence } from "../model/mod.ts"
import { joinIds, SequenceTooLong, TextError } from "../text/mod.ts"
import type { Tokenizing } from "../tokenizing/mod.ts"

/** A response that was drawn, and what it answers. */
export interface Said {
  readonly messages: ReadonlyArray<Message>
  readonly response: Pick<Response, "text" | "ids" | "finish">
}

/** The text's ids, without the end token of a response that was cut. */
const encodeText = ({ run }: Tokenizing, { messages, response }: Said, maxTokens: number) => {
  const { text, finish } = response
  const cut = finish === "length" ? 1 : 0
  return Effect.map(
    run("encodePair", messages, text, { maxTokens: maxTokens + cut, emptyResponse: "allow" }),
    ({ ids, promptLength }): Sequence => ({ ids: ids.subarray(0, ids.length - cut), promptLength })
  )
}

/**
 * A response as it was drawn: the ids that were drawn, or those of its text where the policy did not tell them, and an
 * end token only where one was drawn.
 *
 * Units    maxTokens in tokens of prompt and response together.
 * Fails    TextError: TemplateMissing, TemplateFailed, PromptTooLong, EndTokenMissing, PromptNotPrefix, SequenceTooLong.
 */
export const encodeSaid = (
  tokenizing: Tokenizing,
  said: Said,
  options: { readonly maxTokens: number }
): Effect.Effect<Sequence, TextError> => {
  const { maxTokens } = options
  const { ids: drawn } = said.response
  if (drawn === undefined) return encodeText(tokenizing, said, maxTokens)
  return Effect.flatMap(tokenizing.run("encodePrompt", said.messages, { contextLength: maxTokens }), (prompt) => {
    const ids = joinIds(prompt, drawn)
    return ids.length > maxTokens
      ? Effect.fail(new TextError({ reason: new SequenceTooLong({ found: ids.length, wanted: maxTokens }) }))
      : Effect.succeed({ ids, promptLength: prompt.length })
  })
}
