import type { Sequence } from "../model/mod.ts"
import { joinIds } from "../text/mod.ts"
import type { Encoded } from "./objective/mod.ts"

/** The prompt of one sequence and the response of another, its end cut where both are too long together. */
const cross = (own: Sequence, other: Sequence, maxTokens: number): Sequence => {
  const prompt = own.ids.subarray(0, own.promptLength)
  const room = maxTokens - prompt.length
  const responseOf = <A extends Int32Array | Uint8Array>(all: A) => all.subarray(other.promptLength).subarray(0, room)
  const ids = joinIds(prompt, responseOf(other.ids))
  if (!other.learned) return { ids, promptLength: own.promptLength }
  const learned = new Uint8Array(ids.length)
  learned.set(responseOf(other.learned), own.promptLength)
  return { ids, promptLength: own.promptLength, learned }
}

/**
 * Examples, each with its own prompt before the responses of the next one, of the first one after the last; and how many of
 * those responses were cut.
 *
 * Source   The estimate of KL in KTO: Ethayarajh et al. (2024), section 4.1.
 * Units    maxTokens in tokens of prompt and response together.
 * Domain   At least two examples; every prompt shorter than maxTokens.
 */
export const mismatch = (
  examples: ReadonlyArray<Encoded>,
  maxTokens: number
): { readonly examples: ReadonlyArray<Encoded>; readonly cut: number } => {
  let cut = 0
  const crossed = examples.map((example, i): Encoded => {
    const next = examples[(i + 1) % examples.length] ?? example
    const sequences = example.sequences.map((own, which) => {
      const other = next.sequences[which] ?? next.sequences[0] ?? own
      const sequence = cross(own, other, maxTokens)
      if (sequence.ids.length - own.promptLength < other.ids.length - other.promptLength) cut += 1
      return sequence
    })
    return { ...example, mismatched: { sequences, reference: [] } }
  })
  return { examples: crossed, cut }
}
