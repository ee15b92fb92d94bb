/**
 * A reward less a price for every character of the response.
 *
 * Source   Eq. (9): r̃(x, a) = r̂(x, a) − λ|a|
 * Units    |a| in code points; `lengthPenalty` in reward per code point.
 * Domain   λ ≥ 0.
 */
export const penalizeLength =
  (lengthPenalty: number) =>
  (reward: number, response: string): number =>
    reward - lengthPenalty * Array.from(response).length
