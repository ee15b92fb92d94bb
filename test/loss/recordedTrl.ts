import { readFileSync } from "node:fs"
import type { LossName } from "../../src/loss/mod.ts"
import type { Numbers } from "./Case.ts"

/** One thing for each response of a pair. */
export type Sides<A> = { readonly chosen: A; readonly rejected: A }
/** Numbers per token, a row for each response. */
export type Rows = ReadonlyArray<ReadonlyArray<number>>
type Options = Readonly<Record<string, unknown>>

interface Recorded {
  readonly loss: LossName
  readonly options: Options
  readonly mean: number
}

/** What TRL computed: see fixtures/loss/record_trl.py. */
interface Recording {
  readonly lengths: Sides<ReadonlyArray<number>>
  readonly perToken: Sides<Rows>
  readonly perTokenSquares: Sides<Rows>
  readonly reference: Sides<ReadonlyArray<number>>
  readonly pairs: ReadonlyArray<Recorded>
  readonly desirable: ReadonlyArray<number>
  readonly mismatched: { readonly policy: ReadonlyArray<number>; readonly reference: ReadonlyArray<number> }
  readonly rows: ReadonlyArray<Recorded>
  readonly bco: { readonly options: Options; readonly runningReward: number; readonly mean: number }
  readonly rewards: Numbers
  readonly bradleyTerry: ReadonlyArray<{ readonly options: Options; readonly mean: number }>
  readonly xpo: {
    readonly fromReference: ReadonlyArray<number>
    readonly dpo: Options
    readonly xpo: Options
    readonly mean: number
  }
  readonly mpo: { readonly weights: ReadonlyArray<number>; readonly options: Options; readonly mean: number }
  readonly lengthDesensitized: { readonly alpha: number; readonly options: Options; readonly mean: number }
  readonly wpo: { readonly options: Options; readonly mean: number }
}

/** The recording. */
export const trl: Recording = JSON.parse(readFileSync("fixtures/loss/trl.json", "utf8"))

/** The sum of a list. */
export const sum = (xs: ReadonlyArray<number>): number => xs.reduce((total, x) => total + x, 0)
const sums = (rows: Rows): ReadonlyArray<number> => rows.map(sum)

/** The terms of the recorded pairs. */
export const pairs: Numbers = {
  "policy.chosen": sums(trl.perToken.chosen),
  "policy.rejected": sums(trl.perToken.rejected),
  "reference.chosen": trl.reference.chosen,
  "reference.rejected": trl.reference.rejected,
  "length.chosen": trl.lengths.chosen,
  "length.rejected": trl.lengths.rejected,
  fromReference: trl.xpo.fromReference
}

/** The terms of the recorded responses as rows. */
export const rows: Numbers = {
  policy: [...sums(trl.perToken.chosen), ...sums(trl.perToken.rejected)],
  reference: [...trl.reference.chosen, ...trl.reference.rejected],
  desirable: trl.desirable,
  "mismatched.policy": trl.mismatched.policy,
  "mismatched.reference": trl.mismatched.reference
}
