/** A tokenized prompt and response. `promptLength` is at least 1 and less than the number of ids. */
export interface Sequence {
  readonly ids: Int32Array
  readonly promptLength: number
  /** 1 for each id on which the loss is taken; absent: every id after the prompt. The first id is never learned. */
  readonly learned?: Uint8Array
}

/** Whether the loss is taken on id `i`. */
export const isLearned = (sequence: Sequence, i: number): boolean =>
  sequence.learned ? sequence.learned[i] === 1 && i > 0 : i >= sequence.promptLength

/** Number of ids on which the loss is taken. Units: tokens. */
export const learnedCount = (sequence: Sequence): number => {
  if (!sequence.learned) return sequence.ids.length - sequence.promptLength
  let count = 0
  for (let i = 1; i < sequence.ids.length; i++) count += sequence.learned[i] === 1 ? 1 : 0
  return count
}
