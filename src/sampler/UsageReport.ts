import { Context, Effect } from "effect"

/** What one answered request cost. Units: tokens; 0 where the server does not tell. */
export interface Usage {
  readonly requests: number
  readonly promptTokens: number
  readonly completionTokens: number
}

/** Hears what each request to a server cost; nobody listens unless told. */
export const UsageReport = Context.Reference<(usage: Usage) => Effect.Effect<void>>("prefloop/sampler/UsageReport", {
  defaultValue: () => () => Effect.void
})
