import { Schema } from "effect"
import { Pair } from "./Pair.ts"

/**
 * What one person found of one pair: y of the preference oracle.
 *
 * Source   Definition 1.
 * Units    `seconds` from showing the pair to the verdict.
 * Domain   `verdict` names a response as the pair does, whichever was shown above the other; `shown` tells which was.
 */
export const Judgement = Schema.Struct({
  ...Pair.fields,
  annotator: Schema.NonEmptyString.check(Schema.isMaxLength(64)),
  shown: Schema.Literals(["firstSecond", "secondFirst"]),
  verdict: Schema.Literals(["first", "second", "tie"]),
  seconds: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)))
})
export type Judgement = typeof Judgement.Type
