import { Schema } from "effect"

/** A score as some exports write it: a number, a number in quotes, or null where there is none. */
export const Score = Schema.NullOr(Schema.Union([Schema.Finite, Schema.FiniteFromString]))

type Found = number | null | undefined

/** The scores of a pair that are there, and their difference: 0 where one is absent. */
export const scoresOf = (chosen: Found, rejected: Found) => ({
  margin: typeof chosen === "number" && typeof rejected === "number" ? chosen - rejected : 0,
  ...(typeof chosen === "number" ? { chosenScore: chosen } : {}),
  ...(typeof rejected === "number" ? { rejectedScore: rejected } : {})
})
