import { Effect, FileSystem, Layer, Path } from "effect"
import { openCheckpoint } from "../checkpoint/mod.ts"
import { serialize } from "../graph/mod.ts"
import { rewardGraph } from "../model/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { openTokenizing } from "../tokenizing/mod.ts"
import { ModelFailed, ResponseInvalid, ScorerError } from "./errors.ts"
import { Reward, type ScoreRow } from "./Reward.ts"
import { scoreSequences } from "./scoreSequences.ts"

/**
 * The Bradley-Terry reward of a local model folder (`LlamaForSequenceClassification`, one label).
 *
 * Source   Section 2: a scalar read off the last real token.
 * Units    Rewards are unitless; batchSize in sequences.
 * Fails    CheckpointError, ModelError, TextError, RuntimeError when the layer is built; ScorerError when it is asked.
 */
export const localReward = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const runtime = yield* OnnxRuntime
      const { config, family, weights, tokenizer } = yield* openCheckpoint(folder, "reward")
      const contextLength = config.max_position_embeddings
      const tokenizing = yield* openTokenizing(tokenizer)
      const session = yield* runtime.session({
        name: `reward ${folder}`,
        model: serialize(rewardGraph({ family, config, contextLength }, weights)),
        externalFolder: folder
      })
      const encode = (rows: ReadonlyArray<ScoreRow>) =>
        Effect.forEach(
          rows.flatMap(({ messages, responses }, row) =>
            responses.map((text, response) => ({ messages, text, row, response }))
          ),
          ({ messages, text, row, response }) =>
            Effect.mapError(
              tokenizing.run("encodePair", messages, text, { maxTokens: contextLength, emptyResponse: "allow" }),
              (cause) => new ScorerError({ reason: new ResponseInvalid({ row, response, cause }) })
            )
        )
      const score = Effect.fn("Reward.score")(function* (rows: ReadonlyArray<ScoreRow>) {
        const sequences = yield* encode(rows)
        const rewards = yield* scoreSequences({
          ...options,
          session,
          output: "rewards",
          sequences,
          read: "last"
        }).pipe(
          Effect.provideService(OnnxRuntime, runtime),
          Effect.mapError((cause) => new ScorerError({ reason: new ModelFailed({ model: folder, cause }) }))
        )
        const left = Array.from(rewards)
        return rows.map((row) => left.splice(0, row.responses.length))
      })
      return Reward.of({ score })
    })
  ) satisfies Layer.Layer<Reward, unknown, OnnxRuntime | FileSystem.FileSystem | Path.Path>
