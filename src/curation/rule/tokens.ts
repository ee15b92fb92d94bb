import { Effect } from "effect"
import { TokenizerMissing } from "../errors.ts"
import { kindsOfPart, textsOf } from "../Part.ts"
import { judgeLengths, lengthBounds } from "./bounds.ts"
import { makeRule } from "./Rule.ts"

/**
 * Drops records that are too short or too long for a tokenizer; templates and special tokens are not counted.
 *
 * Units    tokens.
 * Fails    TokenizerMissing
 */
export const tokens = makeRule({
  doc: "drops records that are too short or too long in tokens of the given tokenizer",
  params: lengthBounds("tokens"),
  kinds: ({ of }) => kindsOfPart(of),
  open: ({ of, ...bounds }, { tokenizer }) => {
    if (tokenizer === undefined) return Effect.fail(new TokenizerMissing({ rule: "tokens" }))
    const texts = textsOf(of)
    const lengthOf = (text: string) => tokenizer.encode(text).length
    return Effect.succeed({ judge: (row) => judgeLengths(bounds, "tokens", texts(row).map(lengthOf)) })
  }
})
