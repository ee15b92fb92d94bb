import { Array as Arrays, Effect, Result, Schema } from "effect"
import { Preference } from "../../schemas/mod.ts"
import { makeStage } from "./Stage.ts"
import { tally } from "./tally.ts"

const Params = Schema.Struct({
  minimumMargin: Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(0))
  ),
  maximumCharacters: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)))
})

/**
 * Keeps the pairs that are clear and short enough; the others are counted as "margin" or "length".
 *
 * Source   §2: pairs with a small margin are removed from the data.
 * Units    `minimumMargin` in reward; `maximumCharacters` in code points, of the longer response.
 */
export const filter = makeStage({
  name: "filter",
  doc: "keeps the pairs whose margin is large enough and whose responses are short enough",
  params: Params,
  input: Preference,
  output: Preference,
  work: ({ minimumMargin, maximumCharacters = Number.POSITIVE_INFINITY }) => {
    const keep = (row: Preference): Result.Result<Preference, "margin" | "length"> => {
      if (row.margin < minimumMargin) return Result.fail("margin")
      const longest = Math.max(Array.from(row.chosen).length, Array.from(row.rejected).length)
      return longest > maximumCharacters ? Result.fail("length") : Result.succeed(row)
    }
    return (preferences) =>
      Effect.sync(() => {
        const [rows, dropped] = Arrays.partition(preferences, keep)
        return { rows, dropped: tally(dropped) }
      })
  }
})
