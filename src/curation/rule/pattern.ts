import { Effect, Result, Schema } from "effect"
import { defaulted, optional } from "../../../schemas/mod.ts"
import { PatternInvalid } from "../errors.ts"
import { kindsOfPart, Part, textsOf } from "../Part.ts"
import { makeRule } from "./Rule.ts"

const params = Schema.Struct({
  field: defaulted(Part, "prompt", "The part that is searched; where it has several texts, each has to pass"),
  matches: optional(Schema.NonEmptyString, "A regular expression (of JavaScript, flag u) that has to be found"),
  excludes: optional(Schema.NonEmptyString, "A regular expression (of JavaScript, flag u) that may not be found")
}).check(Schema.isMinProperties(2, { expected: "matches, excludes or both" }))

const compile = (pattern: string | undefined): Result.Result<RegExp | undefined, PatternInvalid> =>
  Result.try({
    try: () => (pattern === undefined ? undefined : new RegExp(pattern, "u")),
    catch: (cause) => {
      const found = cause instanceof Error ? cause.message : String(cause)
      return new PatternInvalid({ rule: "pattern", pattern: pattern ?? "", found })
    }
  })

/**
 * Drops records whose text lacks one regular expression, or holds another.
 *
 * Domain   the expressions are trusted: one that looks back without bound can take long on a long text.
 * Fails    PatternInvalid
 */
export const pattern = makeRule({
  doc: "drops records whose text lacks one regular expression or holds another",
  params,
  kinds: ({ field }) => kindsOfPart(field),
  open: Effect.fnUntraced(function* ({ field, ...wanted }) {
    const matches = yield* Effect.fromResult(compile(wanted.matches))
    const excludes = yield* Effect.fromResult(compile(wanted.excludes))
    const texts = textsOf(field)
    return {
      judge: (row) => {
        const found = texts(row)
        if (matches !== undefined && !found.every((text) => matches.test(text)))
          return `${field} lacks /${matches.source}/`
        return excludes !== undefined && found.some((text) => excludes.test(text))
          ? `${field} holds /${excludes.source}/`
          : undefined
      }
    }
  })
})
