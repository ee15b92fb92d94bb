import type { Sequence } from "../../model/mod.ts"

/** How many tokens of a sequence the loss is taken on. */
export const learnedTokens = ({ ids, learned, promptLength }: Sequence): number =>
  learned === undefined
    ? ids.length - promptLength
    : learned.subarray(promptLength).reduce((count, one) => count + one, 0)
