import { Effect, Ref } from "effect"
import { AnswerReport } from "../../runtime/mod.ts"
import type { Advance } from "../Progress.ts"

/**
 * Counts rows of a phase while their answers come: each answer is a share of a row, and the end of a batch sets right what
 * answers have not told, or too much.
 *
 * Units    `answersPerRow` in answers; the amounts counted, rows, may be fractions.
 */
export const countRows = Effect.fnUntraced(function* (advance: Advance, answersPerRow: number) {
  const ahead = yield* Ref.make(0)
  const answered = (answers: number) => {
    const share = answers / Math.max(1, answersPerRow)
    return Effect.andThen(
      Ref.update(ahead, (rows) => rows + share),
      advance(share)
    )
  }
  return {
    /** Told of the rows of a batch that is done. */
    ended: (rows: number) => Effect.flatMap(Ref.getAndSet(ahead, 0), (told) => advance(rows - told)),
    /** The work, with its answers heard. */
    follow: Effect.provideService(AnswerReport, answered)
  }
})
