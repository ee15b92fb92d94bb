import { Context, Effect } from "effect"

/**
 * Hears how many answers have come since it was last told, while more are awaited: responses that are drawn or scored, questions
 * on a pair that are answered. Nobody listens unless told.
 */
export const AnswerReport = Context.Reference<(answers: number) => Effect.Effect<void>>(
  "prefloop/runtime/AnswerReport",
  { defaultValue: () => () => Effect.void }
)
