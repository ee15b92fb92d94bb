import type { Placement } from "./Placement.ts"

/**
 * What each predicted token counts in the sum of each sequence.
 *
 * Shapes   [sequences.length, selected]; 0 outside the sequence, by default 1 where the loss is taken. `weightOf` gets the
 *          place in `select`, where the sequence begins there, and which of `sequences` it is.
 */
export const membership = (
  placement: Placement,
  sequences: ReadonlyArray<number>,
  weightOf: (select: number, start: number, group: number) => number = (at) => placement.learned[at] ?? 0
): Float32Array<ArrayBuffer> => {
  const selected = placement.select.length
  const member = new Float32Array(sequences.length * selected)
  sequences.forEach((sequence, group) => {
    const start = placement.starts[sequence] ?? 0
    for (let at = start; at < (placement.starts[sequence + 1] ?? 0); at++) {
      member[group * selected + at] = weightOf(at, start, group)
    }
  })
  return member
}
