import { Schema } from "effect"
import { defaulted, optional } from "../../../schemas/mod.ts"
import { Part } from "../Part.ts"

/** The keys of a rule that bounds lengths. */
export const lengthBounds = (unit: string) =>
  Schema.Struct({
    minimum: optional(Schema.Natural, `The shortest length that stays (in ${unit})`),
    maximum: optional(Schema.Natural, `The longest length that stays (in ${unit})`),
    of: defaulted(Part, "whole", "The part that is measured; where it has several texts, each has to fit")
  }).check(
    Schema.makeFilter(({ minimum, maximum }) =>
      minimum !== undefined && maximum !== undefined && minimum > maximum
        ? { path: ["maximum"], issue: `Expected at least minimum (${minimum}), got ${maximum}` }
        : undefined
    )
  )

/** Says why a record is too short or too long, by the lengths of its texts. */
export const judgeLengths = (
  { minimum = 0, maximum = Number.POSITIVE_INFINITY }: { readonly minimum?: number; readonly maximum?: number },
  unit: string,
  lengths: ReadonlyArray<number>
): string | undefined => {
  const found = lengths.find((length) => length < minimum || length > maximum)
  if (found === undefined) return undefined
  return found < minimum ? `${found} ${unit} are fewer than ${minimum}` : `${found} ${unit} are more than ${maximum}`
}
