/** The mean of what several models say. */
const mean = (rewards: ReadonlyArray<number>): number => rewards.reduce((sum, each) => sum + each, 0) / rewards.length

/** What the model says that likes a response least: no member is enough to be fooled. */
const worst = (rewards: ReadonlyArray<number>): number => Math.min(...rewards)

/** Every way to make one reward of several. */
export const combinations = { mean, worst } as const satisfies Record<
  string,
  (rewards: ReadonlyArray<number>) => number
>
