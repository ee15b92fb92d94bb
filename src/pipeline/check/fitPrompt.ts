import { Result } from "effect"
import type { Prompt } from "../../../schemas/mod.ts"
import { encodePrompt, type Tokenizer } from "../../text/mod.ts"

/** How much room a response needs, and where. Units: `contextLength` and `maxNewTokens` in tokens. */
export interface Room {
  readonly tokenizer: Tokenizer
  readonly contextLength: number
  readonly maxNewTokens: number
}

/** Why a prompt leaves no room for a response; undefined where it does. */
export const fitPrompt =
  ({ contextLength, maxNewTokens, tokenizer }: Room) =>
  ({ messages, promptId }: Prompt): string | undefined => {
    const ids = encodePrompt(tokenizer, messages, { contextLength: contextLength - maxNewTokens })
    if (Result.isSuccess(ids)) return undefined
    return `prompt "${promptId}": ${ids.failure.message} (${contextLength} tokens of context less ${maxNewTokens} for the response)`
  }
