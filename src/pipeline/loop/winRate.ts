/**
 * The share of comparisons that the first policy wins against the second; a tie counts one half.
 *
 * Shapes   policy, opponent: [prompt][response], equally long.
 * Domain   Response i of a prompt meets response i of the same prompt; the result is in [0, 1], ½ without comparisons.
 */
export const winRate = (
  policy: ReadonlyArray<ReadonlyArray<number>>,
  opponent: ReadonlyArray<ReadonlyArray<number>>
): number => {
  const points = policy.flatMap((rewards, prompt) =>
    rewards.map((reward, i) => (1 + Math.sign(reward - (opponent[prompt]?.[i] ?? Number.NaN))) / 2)
  )
  return points.length === 0 ? 0.5 : points.reduce((sum, point) => sum + point, 0) / points.length
}
