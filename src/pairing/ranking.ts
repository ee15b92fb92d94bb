/** Positions from the largest reward to the smallest; equal rewards keep their order. */
export const ranking = (rewards: ReadonlyArray<number>): ReadonlyArray<number> =>
  rewards
    .map((reward, position) => ({ reward, position }))
    .toSorted((a, b) => b.reward - a.reward)
    .map(({ position }) => position)
