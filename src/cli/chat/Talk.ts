import type { Effect } from "effect"
import type { Rollout } from "../../sampler/mod.ts"

/** How a conversation in the terminal goes. Units: `maxNewTokens` in tokens. */
export interface TalkOptions {
  readonly system: string | undefined
  readonly temperature: number
  readonly topP: number | undefined
  readonly seed: number
  readonly maxNewTokens: number
}

/** Who talks: a model, and somebody who writes lines. */
export interface Talk {
  readonly rollout: Rollout["Service"]
  /** The next line, or undefined where none comes any more. */
  readonly next: Effect.Effect<string | undefined>
  /** Writes a part of an answer. */
  readonly write: (text: string) => Effect.Effect<void>
  /** Says something that is no answer. */
  readonly note: (text: string) => Effect.Effect<void>
  /** Ends when somebody asks an answer to stop; it listens only while it runs. */
  readonly stop: Effect.Effect<void>
}
