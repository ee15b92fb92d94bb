import { Result } from "effect"
import { ArrowError } from "../errors.ts"
import type { RawRow } from "../RawRow.ts"

/** Why rows could not be read; `isLast` when the file does not say any more where the next row begins. */
export interface Trouble {
  readonly error: ArrowError
  readonly rows: number
  readonly isLast: boolean
}

/** What lies at the place of a row: the row, or the trouble with it. */
export type Found = Result.Result<RawRow, Trouble>

/** A row that was found. */
export const foundRow = (place: RawRow["place"], number: number, value: unknown): Found =>
  Result.succeed({ place, number, value })

/** Trouble with rows of `path`, one unless told, behind which reading goes on. */
export const trouble = (path: string, reason: ArrowError["reason"], rows = 1): Found =>
  Result.fail({ error: new ArrowError({ action: "read", path, reason }), rows, isLast: false })

/** Trouble behind which nothing can be read. */
export const lastTrouble = (path: string, reason: ArrowError["reason"]): Found =>
  Result.fail({ error: new ArrowError({ action: "read", path, reason }), rows: 1, isLast: true })
