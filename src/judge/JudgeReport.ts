import { Context, Effect } from "effect"

/**
 * What comparisons by a judge cost, and how far it agrees with itself; counts add up over calls.
 *
 * Units    `promptTokens`, `completionTokens` and `requests` of servers; a local policy tells its completion tokens alone.
 * Domain   Two questions for each comparison, one in each order. `agreed` counts comparisons whose two answers name the same
 *          response, or both a tie; `unparsed` counts questions whose answer holds no verdict.
 */
export interface JudgeCount {
  readonly comparisons: number
  readonly questions: number
  readonly agreed: number
  readonly unparsed: number
  readonly requests: number
  readonly promptTokens: number
  readonly completionTokens: number
}

/** Hears what each call of a judge cost; nobody listens unless told. */
export const JudgeReport = Context.Reference<(count: JudgeCount) => Effect.Effect<void>>("prefloop/judge/JudgeReport", {
  defaultValue: () => () => Effect.void
})
