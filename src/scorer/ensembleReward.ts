import { Context, Effect, Layer } from "effect"
import { combinations } from "./combinations.ts"
import { RewardInvalid, ScorerError } from "./errors.ts"
import { Reward, type ScoreRow } from "./Reward.ts"

type Rewards = ReadonlyArray<ReadonlyArray<number>>

/** The first row that has not one finite number per response. */
const problemOf = (rows: ReadonlyArray<ScoreRow>, rewards: Rewards, member: number): RewardInvalid | undefined => {
  const row = rows.findIndex(({ responses }, i) => {
    const found = rewards[i] ?? []
    return found.length !== responses.length || !found.every(Number.isFinite)
  })
  return row < 0 ? undefined : new RewardInvalid({ member, row, found: JSON.stringify(rewards[row] ?? []) })
}

/**
 * Several rewards as one: the mean of what they say of a response, or the worst.
 *
 * Domain   At least one member, and rewards on one scale: a member with larger numbers has more to say.
 * Fails    What a member fails with; ScorerError: RewardInvalid.
 */
export const ensembleReward = <E, R>(
  members: ReadonlyArray<Layer.Layer<Reward, E, R>>,
  combine: keyof typeof combinations
): Layer.Layer<Reward, E, R> =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const built = yield* Effect.forEach(members, (member) => Layer.build(member))
      const score = Effect.fn("Reward.score")(function* (rows: ReadonlyArray<ScoreRow>) {
        const each = yield* Effect.forEach(built, (member) => Context.get(member, Reward).score(rows))
        const problem = each.map((rewards, i) => problemOf(rows, rewards, i)).find((found) => found !== undefined)
        if (problem) return yield* new ScorerError({ reason: problem })
        return rows.map(({ responses }, row) =>
          responses.map((_, i) => combinations[combine](each.map((rewards) => rewards[row]?.[i] ?? Number.NaN)))
        )
      })
      return Reward.of({ score })
    })
  )
