import type { losses, LossName } from "../../src/loss/mod.ts"

/** Numbers by the name of their term. */
export type Numbers = Readonly<Record<string, ReadonlyArray<number>>>

/** A value worked by hand. */
export interface Hand<Options> {
  readonly options?: Options
  readonly given: Numbers
  readonly equals: ReadonlyArray<number>
  /** Slopes of the sum of the vector. */
  readonly slopes?: Numbers
}

/** What is known of a loss: the terms it reads with its defaults, values by hand, and options the laws try besides the defaults. */
export interface Case<Options> {
  readonly reads: ReadonlyArray<string>
  readonly hands: ReadonlyArray<Hand<Options>>
  readonly variants: ReadonlyArray<Options>
}

/** A case for each of some losses, in the spelling of a pipeline file. */
export type Cases<K extends LossName> = { readonly [N in K]: Case<(typeof losses)[N]["options"]["Encoded"]> }

/** The logarithm of 3: its σ is 3/4, and that of twice it 9/10. */
export const T = Math.log(3)

/** One pair with these log-ratios. */
export const ratios = (chosen: number, rejected: number): Numbers => ({
  "policy.chosen": [-1],
  "reference.chosen": [-1 - chosen],
  "policy.rejected": [-2],
  "reference.rejected": [-2 - rejected]
})

/** The terms of a log-ratio of both responses, sorted. */
export const RATIOS: ReadonlyArray<string> = [
  "policy.chosen",
  "policy.rejected",
  "reference.chosen",
  "reference.rejected"
]
