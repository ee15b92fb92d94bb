import { Result } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { encodePrompt, type Tokenizer } from "../../text/mod.ts"

/**
 * The prompts that leave room for a response, and what is wrong with the others.
 *
 * Units    `contextLength` and `maxNewTokens` in tokens.
 */
export const fitPrompts = (
  prompts: ReadonlyArray<Prompt>,
  options: { readonly tokenizer: Tokenizer; readonly contextLength: number; readonly maxNewTokens: number }
): { readonly kept: ReadonlyArray<Prompt>; readonly problems: ReadonlyArray<string> } => {
  const { maxNewTokens, tokenizer } = options
  const contextLength = options.contextLength - maxNewTokens
  const results = prompts.map((prompt) => ({
    prompt,
    ids: encodePrompt(tokenizer, prompt.messages, { contextLength })
  }))
  const room = `${options.contextLength} tokens of context less ${maxNewTokens} for the response`
  return {
    kept: results.flatMap(({ ids, prompt }) => (Result.isSuccess(ids) ? [prompt] : [])),
    problems: results.flatMap(({ ids, prompt }) =>
      Result.isFailure(ids) ? [`prompt "${prompt.promptId}": ${ids.failure.message} (${room})`] : []
    )
  }
}
