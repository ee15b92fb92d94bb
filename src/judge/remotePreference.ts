import { Array as Arrays, Effect, Layer, Schema } from "effect"
import type { HttpClient } from "effect/http"
import { key } from "../random/mod.ts"
import { AnswerInvalid, connect } from "../remote/mod.ts"
import { AnswerReport } from "../runtime/mod.ts"
import { RemoteScorer } from "../scorer/mod.ts"
import { bothOrders, fromBothOrders } from "./bothOrders.ts"
import { average } from "./chance.ts"
import { JudgeError } from "./errors.ts"
import { JudgeReport } from "./JudgeReport.ts"
import { type Comparison, Preference } from "./Preference.ts"

const path = "/preference"
const Chance = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const Probabilities = Schema.Struct({ probabilities: Schema.Array(Chance) })

const sent = ({ first, messages, second }: Comparison) => ({
  messages: messages.map(({ content, role }) => ({ role, content })),
  first,
  second
})

/**
 * The preference of a server that is asked in JSON, in both orders:
 * `POST <url>/preference {"model"?, "rows": [{"messages": [{"role", "content"}], "first", "second"}]}` gives
 * `{"probabilities": [number]}`, each the chance that `first` is the better response.
 *
 * Domain   One probability from 0 to 1 for each row, in the order of the rows; `batchSize` rows in one request. Both orders are
 *          averaged, so that P(a¹ ≻ a²) + P(a² ≻ a¹) = 1 without a rounding error.
 * Fails    JudgeError when it is asked: KeyMissing, ServerUnreachable, ServerTimedOut, ServerRefused, AnswerInvalid.
 */
export const remotePreference = (written: typeof RemoteScorer.Encoded) =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const options = Schema.decodeSync(RemoteScorer)(written)
      const { ask, url } = yield* connect(options)
      const compare = Effect.fnUntraced(
        function* (rows: ReadonlyArray<unknown>, batch: number) {
          const wanted = `probabilities: ${rows.length} numbers from 0 to 1`
          const model = options.model === undefined ? {} : { model: options.model }
          const body = { ...model, rows }
          const question = { path, body, answer: Probabilities, wanted, key: key("preference", batch) }
          const { probabilities } = yield* ask(question)
          yield* (yield* AnswerReport)(probabilities.length)
          if (probabilities.length === rows.length) return probabilities
          const found = `${probabilities.length} probabilities`
          return yield* new AnswerInvalid({ url: `${url}${path}`, status: 200, found, wanted })
        },
        Effect.mapError((reason) => new JudgeError({ reason }))
      )
      const prefer = Effect.fn("Preference.prefer")(function* (rows: ReadonlyArray<Comparison>) {
        const batches = Arrays.chunksOf(bothOrders(rows).map(sent), options.batchSize)
        const found = (yield* Effect.forEach(batches, compare, { concurrency: options.concurrency })).flat()
        const agreed = fromBothOrders(rows, (a: number, b: number) => Math.sign(a - 0.5) === Math.sign(0.5 - b))(found)
        const report = yield* JudgeReport
        yield* report({
          comparisons: rows.length,
          questions: found.length,
          agreed: agreed.filter(Boolean).length,
          unparsed: 0,
          requests: batches.length,
          promptTokens: 0,
          completionTokens: 0
        })
        return fromBothOrders(rows, average)(found)
      })
      return Preference.of({ prefer })
    })
  ) satisfies Layer.Layer<Preference, unknown, HttpClient.HttpClient>
