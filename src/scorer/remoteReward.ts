import { Array as Arrays, Effect, Layer, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { key } from "../random/mod.ts"
import { AnswerInvalid, connect } from "../remote/mod.ts"
import { AnswerReport } from "../runtime/mod.ts"
import { ScorerError } from "./errors.ts"
import { RemoteScorer } from "./RemoteScorer.ts"
import { Reward, type ScoreRow } from "./Reward.ts"

const path = "/score"
const Rewards = Schema.Struct({ rewards: Schema.Array(Schema.Finite) })

/** A conversation and one response, as they are sent. */
const sent = ({ messages, responses }: ScoreRow) =>
  responses.map((response) => ({ messages: messages.map(({ content, role }) => ({ role, content })), response }))

/**
 * The reward of a server that is asked in JSON:
 * `POST <url>/score {"model"?, "rows": [{"messages": [{"role", "content"}], "response"}]}` gives `{"rewards": [number]}`.
 *
 * Domain   One finite reward for each row, in the order of the rows; `batchSize` rows in one request.
 * Fails    ScorerError when it is asked: KeyMissing, ServerUnreachable, ServerTimedOut, ServerRefused, AnswerInvalid.
 */
export const remoteReward = (written: typeof RemoteScorer.Encoded) =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const options = Schema.decodeSync(RemoteScorer)(written)
      const { ask, url } = yield* connect(options)
      const scoreRows = Effect.fnUntraced(
        function* (rows: ReadonlyArray<unknown>, batch: number) {
          const wanted = `rewards: ${rows.length} finite numbers`
          const model = options.model === undefined ? {} : { model: options.model }
          const body = { ...model, rows }
          const { rewards } = yield* ask({ path, body, answer: Rewards, wanted, key: key("score", batch) })
          yield* (yield* AnswerReport)(rewards.length)
          if (rewards.length === rows.length) return rewards
          const found = `${rewards.length} rewards`
          return yield* new AnswerInvalid({ url: `${url}${path}`, status: 200, found, wanted })
        },
        Effect.mapError((reason) => new ScorerError({ reason }))
      )
      const score = Effect.fn("Reward.score")(function* (rows: ReadonlyArray<ScoreRow>) {
        const batches = Arrays.chunksOf(rows.flatMap(sent), options.batchSize)
        const found = yield* Effect.forEach(batches, scoreRows, { concurrency: options.concurrency })
        const left = found.flat()
        return rows.map(({ responses }) => left.splice(0, responses.length))
      })
      return Reward.of({ score })
    })
  ) satisfies Layer.Layer<Reward, unknown, HttpClient.HttpClient>
