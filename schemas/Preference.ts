import { Schema } from "effect"
import { Prompt } from "./Prompt.ts"

/**
 * A prompt and two responses of which one is preferred: (x, a⁺, a⁻).
 *
 * Units    `margin` is the reward of `chosen` less the reward of `rejected`; of a judged pair, the chance that `chosen` is
 *          better less the chance that `rejected` is.
 * Domain   `fromReference` names the one response that was drawn from the reference policy π₀; absent where that is not
 *          known, or where π₀ gave both or none.
 */
export const Preference = Schema.Struct({
  ...Prompt.fields,
  chosen: Schema.String,
  rejected: Schema.String,
  margin: Schema.Finite,
  fromReference: Schema.optionalKey(Schema.Literals(["chosen", "rejected"]))
})
export type Preference = typeof Preference.Type
