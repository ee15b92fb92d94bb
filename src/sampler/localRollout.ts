import { Cause, Deferred, Effect, FileSystem, Layer, Path, Queue, Stream } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { requestProblem } from "./checkRequest.ts"
import { type DecoderOptions, openDecoder } from "./decoder/openDecoder.ts"
import type { Row } from "./decoder/Row.ts"
import { ModelFailed, SamplerError } from "./errors.ts"
import { followPieces, followWhole } from "./follow.ts"
import { type Drawn, type Piece, Rollout, type RolloutRequest } from "./Rollout.ts"

const toRow = ({ ids, stop: _stop, stopIds: _stopIds, name: _name, ...rest }: RolloutRequest): Row => ({
  ...rest,
  prompt: ids
})

/**
 * Opens a model folder for answering requests, on the device of the runtime, until the scope closes.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError
 */
export const openRollout = Effect.fn("openRollout")(function* (folder: string, options: DecoderOptions) {
  const checkpoint = yield* openCheckpoint(folder, "causal")
  const decoder = yield* openDecoder(checkpoint, options)
  const { config, tokenizer } = checkpoint
  const model = { plan: decoder.plan, vocabulary: config.vocab_size }
  const broken = (cause: unknown) => new SamplerError({ reason: new ModelFailed({ model: folder, cause }) })
  const check = (request: RolloutRequest): Effect.Effect<void, SamplerError> => {
    const reason = requestProblem(request, model)
    return reason ? Effect.fail(new SamplerError({ reason })) : Effect.void
  }
  const endsOf = ({ stopIds = [] }: RolloutRequest) => ({
    tokenizer,
    endIds: new Set([...tokenizer.eosIds, ...stopIds])
  })

  const stream = (request: RolloutRequest) =>
    Stream.callback<Piece, SamplerError>(
      Effect.fnUntraced(function* (queue) {
        yield* check(request)
        const hear = {
          piece: (piece: Piece) => {
            Queue.offerUnsafe(queue, piece)
            if (piece.finish !== undefined) Queue.endUnsafe(queue)
          },
          failed: (cause: unknown) => Queue.failCauseUnsafe(queue, Cause.fail(broken(cause)))
        }
        const cancel = decoder.submit(toRow(request), followPieces(endsOf(request), request, hear))
        yield* Effect.addFinalizer(() => Effect.sync(cancel))
      }),
      { bufferSize: Infinity }
    )

  const drawAll = (requests: ReadonlyArray<RolloutRequest>, done: Deferred.Deferred<void, SamplerError>) => {
    const drawn: Array<Drawn> = []
    let left = requests.length
    const cancels = requests.map((request, i) => {
      const hear = {
        drawn: (whole: Drawn) => {
          drawn[i] = whole
          left -= 1
          if (left === 0) Deferred.doneUnsafe(done, Effect.void)
        },
        failed: (cause: unknown) => Deferred.doneUnsafe(done, Effect.fail(broken(cause)))
      }
      return decoder.submit(toRow(request), followWhole(endsOf(request), request, hear))
    })
    return { drawn, cancel: () => cancels.forEach((cancel) => cancel()) }
  }
  const draw = Effect.fn("Rollout.draw")(function* (requests: ReadonlyArray<RolloutRequest>) {
    yield* Effect.forEach(requests, check, { discard: true })
    if (requests.length === 0) return []
    const done = yield* Deferred.make<void, SamplerError>()
    const { cancel, drawn } = drawAll(requests, done)
    yield* Effect.ensuring(Deferred.await(done), Effect.sync(cancel))
    return drawn
  })
  return Rollout.of({ tokenizer, contextLength: config.max_position_embeddings, check, stream, draw })
})

/**
 * The rollout of a local model folder.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError when the layer is built.
 */
export const localRollout = (folder: string, options: DecoderOptions) =>
  Layer.effect(Rollout, openRollout(folder, options)) satisfies Layer.Layer<
    Rollout,
    unknown,
    OnnxRuntime | FileSystem.FileSystem | Path.Path
  >
