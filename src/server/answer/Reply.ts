import type { Rollout } from "../../sampler/mod.ts"
import type { Usage } from "../protocol/answers.ts"
import type { Asked } from "./Asked.ts"
import type { Dialect } from "./Dialect.ts"

/** A reply that is to be written: what was asked of whom, and how the answer is headed. Units: `created` in seconds. */
export interface Reply {
  readonly rollout: Rollout["Service"]
  readonly asked: Asked
  readonly dialect: Dialect
  readonly head: {
    readonly id: string
    readonly created: number
    readonly model: string
    readonly system_fingerprint: string
  }
}

/** What a reply cost. Units: tokens. */
export const usageOf = ({ asked }: Reply, completion_tokens: number): Usage => ({
  prompt_tokens: asked.promptTokens,
  completion_tokens,
  total_tokens: asked.promptTokens + completion_tokens
})

/** What the choices of a reply are written with. */
export const tellingOf = ({ asked, rollout }: Reply) => ({ ...asked.tells, tokenizer: rollout.tokenizer })
