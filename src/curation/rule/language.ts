import { Effect, Schema } from "effect"
import { defaulted, required } from "../../../schemas/mod.ts"
import { NameUnknown } from "../errors.ts"
import { kindsOfPart, Part, textsOf } from "../Part.ts"
import { makeRule } from "./Rule.ts"

const params = Schema.Struct({
  keep: required(Schema.Array(Schema.String).check(Schema.isMinLength(1)), "Languages that stay (ISO 639-1)"),
  of: defaulted(Part, "prompt", "The part that is looked at; where it has several texts, each has to fit"),
  undecided: defaulted(
    Schema.Literals(["keep", "drop"]),
    "keep",
    "What is done with a text whose language cannot be told, such as a short one or a formula"
  )
})

/** Loaded when first asked for: the statistics of the languages take 100 MB. */
const detector = Effect.promise(async () => (await import("eld/medium")).eld)

/**
 * Drops records that are written in other languages than those wanted.
 *
 * Fails    NameUnknown
 */
export const language = makeRule({
  doc: "drops records in other languages",
  params,
  kinds: ({ of }) => kindsOfPart(of),
  open: Effect.fnUntraced(function* ({ keep, of, undecided }) {
    const eld = yield* detector
    const known = Object.values(eld.info().Languages)
    const unknown = keep.find((name) => !known.includes(name))
    if (unknown !== undefined)
      return yield* new NameUnknown({ rule: "language", what: "language", name: unknown, known })
    const texts = textsOf(of)
    const wrong = (text: string): string | undefined => {
      const found = eld.detect(text)
      if (found.language === "" || !found.isReliable())
        return undecided === "drop" ? `the language of ${of} cannot be told` : undefined
      return keep.includes(found.language) ? undefined : `${of} is in "${found.language}"`
    }
    return {
      judge: (row) =>
        texts(row)
          .map(wrong)
          .find((why) => why !== undefined)
    }
  })
})
