import { Cause, Effect, Queue, Stream } from "effect"
import { AnswerReport } from "../runtime/mod.ts"
import type { Tokenizer } from "../text/mod.ts"
import { requestProblem } from "./checkRequest.ts"
import type { Decoder } from "./decoder/openDecoder.ts"
import type { Row } from "./decoder/Row.ts"
import { ModelFailed, SamplerError } from "./errors.ts"
import { type Ended, followPieces, followWhole } from "./follow.ts"
import type { Piece, RolloutRequest } from "./Rollout.ts"

/** A model that is open, and the name that errors give it. */
export interface OpenModel {
  readonly name: string
  readonly decoder: Decoder
  readonly tokenizer: Tokenizer
}

const toRow = ({ ids, stop: _stop, stopIds: _stopIds, name: _name, ...rest }: RolloutRequest): Row => ({
  ...rest,
  prompt: ids
})

/** Whether a request can be answered. Fails: SamplerError. */
export const checkRequest = ({ decoder }: OpenModel, request: RolloutRequest): Effect.Effect<void, SamplerError> => {
  const reason = requestProblem(request, { plan: decoder.plan, vocabulary: decoder.config.vocab_size })
  return reason ? Effect.fail(new SamplerError({ reason })) : Effect.void
}

const broken = ({ name }: OpenModel, cause: unknown) =>
  new SamplerError({ reason: new ModelFailed({ model: name, cause }) })

const endsOf = ({ tokenizer }: OpenModel, { stopIds = [] }: RolloutRequest) => ({
  tokenizer,
  endIds: new Set([...tokenizer.eosIds, ...stopIds])
})

/**
 * A response piece by piece, as fast as it is drawn; it is taken back where the stream is not read to its end.
 *
 * Fails    SamplerError
 */
export const streamPieces = (model: OpenModel, request: RolloutRequest): Stream.Stream<Piece, SamplerError> =>
  Stream.callback(
    Effect.fnUntraced(function* (queue) {
      yield* checkRequest(model, request)
      const hear = {
        piece: (piece: Piece) => {
          Queue.offerUnsafe(queue, piece)
          if (piece.finish !== undefined) Queue.endUnsafe(queue)
        },
        failed: (cause: unknown) => Queue.failCauseUnsafe(queue, Cause.fail(broken(model, cause)))
      }
      const listener = followPieces(endsOf(model, request), request, hear)
      yield* Effect.acquireRelease(
        Effect.sync(() => model.decoder.submit(toRow(request), listener)),
        (cancel) => Effect.sync(cancel)
      )
    }),
    { bufferSize: Infinity } // at most maxNewTokens
  )

/** Submits all requests; `heard` is told of each that ended, and fails with the first that fails. */
const submitAll = (
  model: OpenModel,
  requests: ReadonlyArray<RolloutRequest>,
  heard: Queue.Queue<void, SamplerError>
) => {
  const ended: Array<Ended> = []
  const cancels = requests.map((request, i) => {
    const hear = {
      ended: (whole: Ended) => {
        ended[i] = whole
        Queue.offerUnsafe(heard, undefined)
      },
      failed: (cause: unknown) => Queue.failCauseUnsafe(heard, Cause.fail(broken(model, cause)))
    }
    return model.decoder.submit(toRow(request), followWhole(endsOf(model, request), request, hear))
  })
  return { ended, cancel: Effect.sync(() => cancels.forEach((cancel) => cancel())) }
}

/** Requests checked between two looks at other work: every id of every prompt is looked at. */
const checkedAtOnce = 64

/**
 * Whole responses in the order of the requests; none is drawn where one of them is refused.
 *
 * Fails    SamplerError
 */
export const drawResponses = Effect.fnUntraced(function* (model: OpenModel, requests: ReadonlyArray<RolloutRequest>) {
  yield* Effect.forEach(
    requests,
    (request, i) =>
      Effect.andThen(i % checkedAtOnce === 0 ? Effect.yieldNow : Effect.void, checkRequest(model, request)),
    { discard: true }
  )
  if (requests.length === 0) return []
  const heard = yield* Queue.unbounded<void, SamplerError>()
  const report = yield* AnswerReport
  const all = Effect.forEach(requests, () => Effect.andThen(Queue.take(heard), report(1)), { discard: true })
  const ended = yield* Effect.acquireUseRelease(
    Effect.sync(() => submitAll(model, requests, heard)),
    (submitted) => Effect.as(all, submitted.ended),
    ({ cancel }) => cancel
  )
  // many texts, each of some milliseconds: others may want the thread in between
  return yield* Effect.forEach(ended, (one) => Effect.map(Effect.yieldNow, () => ({ ...one, text: one.text() })))
})
