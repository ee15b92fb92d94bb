/**
 * Weights of a response's tokens in length-desensitized DPO: 1 up to the length of the shorter response, α after it.
 *
 * Source   LD-DPO (Liu et al., 2024).
 * Units    lengths in tokens; one weight per token of the response.
 * Domain   0 ≤ alpha ≤ 1; 1 is plain DPO, 0 cuts both responses to one length.
 */
export const lengthDesensitized = (
  lengths: { readonly own: number; readonly other: number },
  alpha: number
): ReadonlyArray<number> => Array.from({ length: lengths.own }, (_, i) => (i < lengths.other ? 1 : alpha))
