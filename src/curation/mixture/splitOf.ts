import { hash } from "node:crypto"
import { Result, Schema } from "effect"
import { defaulted, required, Seed } from "../../../schemas/mod.ts"
import { CurationError, SharesInvalid } from "../errors.ts"
import { promptText } from "../Part.ts"
import type { Row } from "../Row.ts"
import { normalWords } from "../text/wordHashes.ts"

const Share = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** How prompts are divided. */
export const SplitOptions = Schema.Struct({
  shares: required(
    Schema.Record(Schema.String, Share),
    "The share of each part, by its name; they need not add up to 1"
  ),
  by: defaulted(
    Schema.Literals(["prompt", "opening"]),
    "prompt",
    "What may not be in two parts: a whole prompt, or the first turn of the user, with all that follows it"
  ),
  seed: defaulted(Seed, 0, "What the parts are drawn from")
})
export type SplitOptions = typeof SplitOptions.Type

const openingOf = ({ messages }: Row): string => messages.find(({ role }) => role === "user")?.content ?? ""

/** A number in [0, 1) that depends on the normal words of a prompt alone; on the text itself where it has none. */
const lotOf = (text: string, seed: number): number => {
  const words = normalWords(text)
  const normal = words.length === 0 ? text : words.join(" ")
  return Number.parseInt(hash("sha256", `${seed}\n${normal}`).slice(0, 12), 16) / 2 ** 48
}

/**
 * The part that a record belongs to. Prompts with the same normal words are in the same part, and stay there when rows are
 * added or leave.
 *
 * Fails    CurationError (SharesInvalid)
 */
export const splitOf = ({ shares, by, seed }: SplitOptions): Result.Result<(row: Row) => string, CurationError> => {
  const parts = Object.entries(shares).filter(([, share]) => share > 0)
  const last = parts.at(-1)
  if (last === undefined) {
    const found = Object.keys(shares).length === 0 ? "no names" : "shares of 0 alone"
    return Result.fail(new CurationError({ action: "split", reason: new SharesInvalid({ found }) }))
  }
  const total = parts.reduce((sum, [, share]) => sum + share, 0)
  const textOf = by === "prompt" ? promptText : openingOf
  return Result.succeed((row) => {
    let left = lotOf(textOf(row), seed) * total
    for (const [name, share] of parts) {
      if (left < share) return name
      left -= share
    }
    return last[0]
  })
}
