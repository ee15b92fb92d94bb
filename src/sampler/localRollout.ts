import { Effect, FileSystem, Layer, Path } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { openTokenizing } from "../tokenizing/mod.ts"
import { checkRequest, drawResponses, type OpenModel, streamPieces } from "./answer.ts"
import { type DecoderOptions, openDecoder } from "./decoder/openDecoder.ts"
import { Rollout } from "./Rollout.ts"

/**
 * Opens a model folder for answering requests, on the device of the runtime, until the scope closes.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError
 */
export const openRollout = Effect.fn("openRollout")(function* (folder: string, options: DecoderOptions) {
  const checkpoint = yield* openCheckpoint(folder, "causal")
  const { config, tokenizer } = checkpoint
  const model: OpenModel = { name: folder, decoder: yield* openDecoder(checkpoint, options), tokenizer }
  return Rollout.of({
    tokenizer,
    tokenizing: yield* openTokenizing(tokenizer),
    contextLength: config.max_position_embeddings,
    check: (request) => checkRequest(model, request),
    stream: (request) => streamPieces(model, request),
    draw: Effect.fn("Rollout.draw")((requests) => drawResponses(model, requests))
  })
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
