import { Schema } from "effect"

/** A score as some exports write it: a number, a number in quotes, or null where there is none. */
export const Score = Schema.NullOr(Schema.Union([Schema.Finite, Schema.FiniteFromString]))

/** The difference of two scores, 0 where one is absent. */
export const marginOf = (chosen: number | null | undefined, rejected: number | null | undefined): number =>
  chosen === undefined || chosen === null || rejected === undefined || rejected === null ? 0 : chosen - rejected
