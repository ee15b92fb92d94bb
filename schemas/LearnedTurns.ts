import { Schema } from "effect"

/** Which assistant turns of a conversation the loss is taken on: every one, or the response alone. */
export const LearnedTurns = Schema.Literals(["all", "last"])
export type LearnedTurns = typeof LearnedTurns.Type
