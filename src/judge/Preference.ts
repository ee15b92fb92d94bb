import { Context, Effect, Layer } from "effect"
import type { Message } from "../../schemas/mod.ts"
import { type ScorerError, Reward } from "../scorer/mod.ts"
import { logistic } from "./chance.ts"
import { checkChances } from "./checkChances.ts"
import { JudgeError, RewardFailed } from "./errors.ts"

const failed = (cause: ScorerError) => new JudgeError({ reason: new RewardFailed({ cause }) })

/** A conversation and two responses to it. */
export interface Comparison {
  readonly messages: ReadonlyArray<Message>
  readonly first: string
  readonly second: string
}

/**
 * The preference oracle P(a¹ ≻ a² | x): how likely the first response is the better one.
 *
 * Source   Definition 1.
 * Domain   One probability per row, in the order given; P(a¹ ≻ a²) + P(a² ≻ a¹) = 1.
 * Fails    JudgeError
 */
export class Preference extends Context.Service<
  Preference,
  {
    readonly prefer: (rows: ReadonlyArray<Comparison>) => Effect.Effect<ReadonlyArray<number>, JudgeError>
  }
>()("prefloop/judge/Preference") {
  /** A preference that is the function `f`: no model to load. */
  static readonly layerOf = (f: (comparison: Comparison) => number): Layer.Layer<Preference> =>
    Layer.succeed(Preference, Preference.of({ prefer: (rows) => checkChances(rows.map(f)) }))

  /**
   * The preference of a reward: σ(r(x, a¹) − r(x, a²)).
   *
   * Source   Definition 2, Eq. (1).
   */
  static readonly bradleyTerry: Layer.Layer<Preference, never, Reward> = Layer.effect(
    Preference,
    Effect.map(Reward, (reward) => {
      const prefer = Effect.fn("Preference.prefer")(function* (rows: ReadonlyArray<Comparison>) {
        const rewards = yield* reward
          .score(rows.map(({ messages, first, second }) => ({ messages, responses: [first, second] })))
          .pipe(Effect.mapError(failed))
        return yield* checkChances(
          rows.map((_, i) => logistic((rewards[i]?.[0] ?? Number.NaN) - (rewards[i]?.[1] ?? Number.NaN)))
        )
      })
      return Preference.of({ prefer })
    })
  )
}
