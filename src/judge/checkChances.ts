import { Effect } from "effect"
import { ChanceInvalid, JudgeError } from "./errors.ts"

/**
 * The numbers themselves, all of them probabilities.
 *
 * Fails    JudgeError: ChanceInvalid.
 */
export const checkChances = (chances: ReadonlyArray<number>): Effect.Effect<ReadonlyArray<number>, JudgeError> => {
  const row = chances.findIndex((chance) => !(chance >= 0 && chance <= 1))
  return row < 0
    ? Effect.succeed(chances)
    : Effect.fail(new JudgeError({ reason: new ChanceInvalid({ row, found: String(chances[row]) }) }))
}
