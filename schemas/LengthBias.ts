import { Schema } from "effect"

const Coefficient = Schema.Finite.check(Schema.isBetween({ minimum: -1, maximum: 1 }))

/** The prompts whose responses have a mean length of `from` to `to`, and the mean of their coefficients. */
const Group = Schema.Struct({
  from: Schema.Finite,
  to: Schema.Finite,
  prompts: Schema.Natural,
  mean: Schema.optionalKey(Coefficient)
})

/**
 * How much a reward likes long responses: Pearson's coefficient of length and reward for each prompt, summed up.
 *
 * Source   §2 and Fig. 3.
 * Units    `unit` is that of all lengths; `lengthPenalty`, where the rewards carry one, in reward per character.
 * Domain   prompts = coefficients + the sum of `none`, which counts prompts by why they have no coefficient: one response,
 *          responses of one length, of one reward. `low` and `high` bound `mean` at `level`, by `resamples` samples of the
 *          prompts. `counts` has a row for each group, the shortest first, and a number for each two neighbours in `edges`.
 */
export const LengthBias = Schema.Struct({
  unit: Schema.Literals(["characters", "tokens"]),
  lengthPenalty: Schema.optionalKey(Schema.Finite),
  prompts: Schema.Natural,
  responses: Schema.Natural,
  coefficients: Schema.Natural,
  none: Schema.Struct({ single: Schema.Natural, sameLength: Schema.Natural, sameReward: Schema.Natural }),
  mean: Coefficient,
  low: Coefficient,
  high: Coefficient,
  level: Schema.Finite,
  resamples: Schema.Natural,
  seed: Schema.Natural,
  positive: Schema.Natural,
  negative: Schema.Natural,
  edges: Schema.Array(Coefficient),
  groups: Schema.Array(Group),
  counts: Schema.Array(Schema.Array(Schema.Natural))
})
export type LengthBias = typeof LengthBias.Type
