import type { Sequence } from "../../model/mod.ts"

/** An example ready for the graphs: chosen and rejected of a preference, or one response. */
export interface Encoded {
  readonly promptId: string
  readonly sequences: ReadonlyArray<Sequence>
  /** log π₀ of each sequence, where the objective asks for it. Units: nats. */
  readonly reference: ReadonlyArray<number>
  /** The same prompt with the responses of another example, where the objective asks for them. */
  readonly mismatched?: { readonly sequences: ReadonlyArray<Sequence>; readonly reference: ReadonlyArray<number> }
  /** Other answers to the same prompt, measured but not learned: a question answered by the other letter. */
  readonly alternatives?: ReadonlyArray<Sequence>
  /** r(chosen) − r(rejected) by the oracle; 0 where nothing is known. */
  readonly margin?: number
  /** Whether a single response is a good one; of a preference, the chosen one is. */
  readonly desirable?: boolean
  /** Which response the reference policy gave, where that is known. */
  readonly fromReference?: "chosen" | "rejected"
}

/** All sequences of an example in the order in which a block holds them. */
export const sequencesOf = ({ sequences, mismatched, alternatives = [] }: Encoded): ReadonlyArray<Sequence> => [
  ...sequences,
  ...(mismatched?.sequences ?? []),
  ...alternatives
]
