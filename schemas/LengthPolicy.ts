import { Schema } from "effect"

/**
 * What is done with an example that has more tokens than a model is trained on: stop, leave it out, keep the end of the
 * prompt, or keep the start of each response. Whatever is left out or cut is counted.
 */
export const LengthPolicy = Schema.Literals(["error", "drop", "truncatePrompt", "truncateResponse"])
export type LengthPolicy = typeof LengthPolicy.Type
