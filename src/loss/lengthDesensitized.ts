/**
 * What a response token counts in length-desensitized DPO: 1 up to the length of the shorter response, α after it.
 *
 * Source   LD-DPO (Liu et al., 2024), Eq. (9).
 * Units    `place` of the token in its response, counted from 0, and `shorter` in tokens.
 * Domain   0 ≤ alpha ≤ 1; 1 is plain DPO, 0 cuts both responses to one length.
 */
export const lengthDesensitized = (place: number, shorter: number, alpha: number): number =>
  place < shorter ? 1 : alpha
