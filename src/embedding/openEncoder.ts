import { Effect, Result } from "effect"
import { findWeights, readFolder } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { makeTokenizer } from "../text/mod.ts"
import { openTokenizing } from "../tokenizing/mod.ts"
import { bertGraph } from "./bertGraph.ts"
import { bertParameters } from "./bertParameters.ts"
import type { Encoder } from "./Encoder.ts"
import { type EncoderConfig, readEncoderConfig } from "./EncoderConfig.ts"
import { EmbeddingError, MaxTokensOutside, ModelFailed } from "./errors.ts"
import { type FramedText, frameTexts } from "./frameText.ts"
import { groupTexts, layoutTexts } from "./layoutTexts.ts"
import { readSentenceFiles } from "./readSentenceFiles.ts"

/** How an encoder is opened. */
export interface EncoderOptions {
  /** Longest text in tokens; what the folder says, without one. */
  readonly maxTokens?: number | undefined
  /** Tokens that are computed at once, those that only fill rows included. */
  readonly batchTokens?: number
}

/** Enough to keep two cores busy, and less than a hundred megabytes of activations in a small encoder. */
const defaultBatchTokens = 4096

/** [CLS], one token and [SEP]. */
const fewestTokens = 3

const lengthOf = (config: EncoderConfig, asked: number | undefined, said: number | undefined) => {
  const largest = config.max_position_embeddings
  const found = asked ?? Math.min(said ?? largest, largest)
  return Number.isInteger(found) && found >= fewestTokens && found <= largest
    ? Result.succeed(found)
    : Result.fail(new MaxTokensOutside({ found, largest }))
}

/** A model with a head keeps its encoder under the name "bert". */
const openSession = Effect.fnUntraced(function* (folder: string, options: Parameters<typeof bertGraph>[0]) {
  const runtime = yield* OnnxRuntime
  const weights = yield* findWeights(folder, bertParameters(options.config), (name, stored) =>
    stored.has(`bert.${name}`) ? `bert.${name}` : name
  )
  const model = serialize(bertGraph(options, weights))
  return yield* runtime.session({ name: `encoder ${folder}`, model, externalFolder: folder })
})

const readParts = Effect.fnUntraced(function* (folder: string, options: EncoderOptions) {
  const fail = (reason: EmbeddingError["reason"]) => new EmbeddingError({ action: "open", folder, reason })
  const { configText, files } = yield* readFolder(folder)
  const config = yield* Effect.fromResult(Result.mapError(readEncoderConfig(configText), fail))
  const tokenizerJson = files["tokenizer.json"] ?? ""
  const tokenizer = yield* Effect.fromResult(
    makeTokenizer({ ...files, "tokenizer.json": tokenizerJson, "config.json": configText })
  )
  const said = yield* Effect.mapError(readSentenceFiles(folder, tokenizerJson), fail)
  const tokenizing = yield* openTokenizing(tokenizer)
  const maxTokens = yield* Effect.fromResult(Result.mapError(lengthOf(config, options.maxTokens, said.maxTokens), fail))
  const frame = yield* Effect.fromResult(Result.mapError(frameTexts(tokenizing, maxTokens), fail))
  return { config, pooling: said.pooling, maxTokens, frame }
})

/**
 * Opens a sentence encoder (`model_type` "bert"), in the layout of Hugging Face or sentence-transformers.
 *
 * The vector of a text depends on the texts beside it only by rounding.
 *
 * Fails    CheckpointError, TextError, RuntimeError, EmbeddingError.
 */
export const openEncoder = Effect.fn("openEncoder")(function* (folder: string, options: EncoderOptions = {}) {
  const runtime = yield* OnnxRuntime
  const { config, frame, maxTokens, pooling } = yield* readParts(folder, options)
  const session = yield* openSession(folder, { config, pooling })
  const width = config.hidden_size
  const read = Effect.fnUntraced(function* (texts: ReadonlyArray<FramedText>) {
    const { ids, real, rows, tokens } = layoutTexts(texts.map((text) => text.ids))
    const vectors = new Float32Array(rows * width)
    const feeds = {
      ids: yield* runtime.tensor(ids, [rows, tokens]),
      real: yield* runtime.tensor(real, [rows, tokens])
    }
    yield* session.run(feeds, { vectors: yield* runtime.tensor(vectors, [rows, width]) })
    return vectors
  }, Effect.scoped)
  const embed: Encoder["embed"] = Effect.fn("Encoder.embed")(
    function* (texts, { onBatch } = {}) {
      const framed = yield* Effect.forEach(texts, frame)
      const values = new Float32Array(texts.length * width)
      let done = 0
      const groups = groupTexts(
        framed.map(({ ids }) => ids),
        options.batchTokens ?? defaultBatchTokens
      )
      for (const group of groups) {
        const vectors = yield* read(group.flatMap((i) => framed[i] ?? []))
        group.forEach((i, row) => values.set(vectors.subarray(row * width, (row + 1) * width), i * width))
        done += group.length
        if (onBatch) yield* onBatch(done)
      }
      const truncated = framed.filter((text) => text.truncated).length
      const tokens = framed.reduce((sum, { ids }) => sum + ids.length, 0)
      return { count: texts.length, width, values, truncated, tokens }
    },
    Effect.mapError((cause) => new EmbeddingError({ action: "ask", folder, reason: new ModelFailed({ cause }) }))
  )
  return { folder, width, maxTokens, embed } satisfies Encoder as Encoder
})
