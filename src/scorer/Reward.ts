import { Context, Effect, Layer } from "effect"
import type { Message } from "../../schemas/mod.ts"
import type { ScorerError } from "./errors.ts"

/** A conversation and the responses to rank. */
export interface ScoreRow {
  readonly messages: ReadonlyArray<Message>
  readonly responses: ReadonlyArray<string>
}

/**
 * The reward r(x, a): a number for each response, larger is better.
 *
 * Source   Eq. (1).
 * Domain   One array per row, one number per response, both in the order given.
 * Fails    ScorerError
 */
export class Reward extends Context.Service<
  Reward,
  {
    readonly score: (rows: ReadonlyArray<ScoreRow>) => Effect.Effect<ReadonlyArray<ReadonlyArray<number>>, ScorerError>
  }
>()("prefloop/scorer/Reward") {
  /** A reward that is the function `f` of one conversation and one response: no model to load. */
  static readonly layerOf = (f: (messages: ReadonlyArray<Message>, response: string) => number): Layer.Layer<Reward> =>
    Layer.succeed(
      Reward,
      Reward.of({
        score: (rows) =>
          Effect.sync(() => rows.map(({ messages, responses }) => responses.map((response) => f(messages, response))))
      })
    )
}
