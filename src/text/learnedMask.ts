/** Which ids of a sequence are learned. */
export interface Learned {
  /** Ids before the first that is learned; at least 1. */
  readonly promptLength: number
  /** 1 for each id on which the loss is taken; absent: every id after `promptLength`. */
  readonly learned?: Uint8Array
}

/** The mask of a sequence: 1 for each id on which the loss is taken. */
export const learnedMask = ({ ids, learned, promptLength }: Learned & { readonly ids: Int32Array }): Uint8Array =>
  learned ?? new Uint8Array(ids.length).fill(1, promptLength)

/** What a mask says, in its shortest form; the first id, which nothing comes before, is not learned. */
export const fromMask = (mask: Uint8Array): Learned => {
  const learned = Uint8Array.from(mask)
  learned[0] = 0
  const promptLength = learned.includes(1) ? learned.indexOf(1) : learned.length
  return learned.subarray(promptLength).every((one) => one === 1) ? { promptLength } : { promptLength, learned }
}
