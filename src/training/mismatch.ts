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
 * An example with its own prompt before the responses of another one, the next of the data, and how many of those responses
 * were cut. The one after the last is the first.
 *
 * Source   The estimate of KL in KTO: Ethayarajh et al. (2024), section 4.1.
 * Units    maxTokens in tokens of prompt and response together.
 * Domain   Every prompt shorter than maxTokens.
 */
export const mismatch = (
  example: Encoded,
  next: Encoded,
  maxTokens: number
): { readonly example: Encoded; readonly cut: number } => {
  let cut = 0
  const sequences = example.sequences.map((own, which) => {
    const other = next.sequences[which] ?? next.sequences[0] ?? own
    const sequence = cross(own, other, maxTokens)
    if (sequence.ids.length - own.promptLength < other.ids.length - other.promptLength) cut += 1
    return sequence
  })
  return { example: { ...example, mismatched: { sequences, reference: [] } }, cut }
}
