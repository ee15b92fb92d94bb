import { Effect, Stream } from "effect"
import type { Piece, RolloutRequest } from "../../sampler/mod.ts"
import type { Part } from "./Dialect.ts"
import { type Reply, tellingOf, usageOf } from "./Reply.ts"

/** The pieces of one response, and where each begins, if that is told. */
const partsOf = ({ asked, rollout }: Reply, request: RolloutRequest, index: number) =>
  Stream.mapAccum(
    rollout.stream(request),
    () => 0,
    (offset, { finish, id, logProbability, text }: Piece) => {
      const tokens = { ids: [id], logProbabilities: logProbability === undefined ? [] : [logProbability] }
      const length = asked.tells.logProbabilities
        ? rollout.tokenizer.decode([id], { skipSpecialTokens: false }).length
        : 0
      const part: Part = { index, text, finish: finish ?? null, offset, tokens }
      return [offset + length, [part]] as const
    }
  )

/** Whether an event has something to say. */
const says = ({ asked: { tells } }: Reply, { finish, text }: Part) =>
  text !== "" || finish !== null || tells.ids || tells.logProbabilities

/**
 * The answer as events, each a piece of one response; pieces of several responses come in turns.
 *
 * Domain   With `usage` "last", every event has the key, and one more event without choices tells it.
 * Fails    SamplerError
 */
export const answerPieces = (reply: Reply, usage: "last" | "none") =>
  Stream.suspend(() => {
    const { asked, dialect, head } = reply
    const telling = tellingOf(reply)
    let tokens = 0
    const event = (choices: ReadonlyArray<unknown>, told: unknown = null) => ({
      ...head,
      object: dialect.piece.object,
      choices,
      ...(usage === "last" ? { usage: told } : {})
    })
    const opening = dialect.opening
    const openings = opening === undefined ? [] : asked.requests.map((_, index) => event([opening(index)]))
    const responses = asked.requests.map((request, index) => partsOf(reply, request, index))
    const events = Stream.mergeAll(responses, { concurrency: Math.max(1, responses.length), bufferSize: 16 }).pipe(
      Stream.tap(() => {
        tokens += 1
        return Effect.void
      }),
      Stream.filter((part) => says(reply, part)),
      Stream.map((part) => event([dialect.piece.choice(telling, part)]))
    )
    const last = Stream.suspend(() => Stream.fromIterable(usage === "last" ? [event([], usageOf(reply, tokens))] : []))
    return Stream.fromIterable(openings).pipe(Stream.concat(events), Stream.concat(last))
  })
