import { Schema } from "effect"

const Spread = Schema.Struct({ min: Schema.Finite, mean: Schema.Finite, max: Schema.Finite })

const Counts = Schema.Record(Schema.String, Schema.Natural)

/**
 * What became of examples when they were made into tokens.
 *
 * Units    `tokens` and `lengths` in tokens: `prompt` lies before the first learned token, `response` is the rest, `learned`
 *          what the loss is taken on. All else counts sequences (two of a pair), or examples (`examples`, `kept`, `dropped`
 *          by rule, `invalid` by the tag of the error).
 * Domain   examples = kept + the sum of `dropped` + the sum of `invalid`; tokens and lengths are those of what is kept.
 *          `starts.twice`: the template printed two start tokens, and one was removed. `ends.lost`: cut by the length policy.
 *          `truncated.mismatched`: responses cut where a loss puts them under the prompt of another example.
 *          `apart`: turns before which a token would have reached across the end of the prompt.
 */
export const Audit = Schema.Struct({
  examples: Schema.Natural,
  kept: Schema.Natural,
  sequences: Schema.Natural,
  tokens: Schema.Struct({ prompt: Schema.Natural, response: Schema.Natural, learned: Schema.Natural }),
  lengths: Schema.Struct({ prompt: Spread, response: Spread, sequence: Spread }),
  special: Schema.Struct({
    bos: Schema.optionalKey(Schema.Int),
    ends: Schema.Array(Schema.Int),
    pad: Schema.optionalKey(Schema.Int),
    padIsEnd: Schema.Boolean
  }),
  starts: Schema.Struct({ once: Schema.Natural, twice: Schema.Natural, never: Schema.Natural }),
  ends: Schema.Struct({
    once: Schema.Natural,
    twice: Schema.Natural,
    unlearned: Schema.Natural,
    lost: Schema.Natural
  }),
  truncated: Schema.Struct({
    prompt: Schema.Natural,
    response: Schema.Natural,
    mismatched: Schema.optionalKey(Schema.Natural)
  }),
  emptyResponses: Schema.Natural,
  apart: Schema.Natural,
  dropped: Counts,
  invalid: Counts
})
export type Audit = typeof Audit.Type
