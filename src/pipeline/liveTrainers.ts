import { Context, Effect, FileSystem, Layer, Path, type Scope } from "effect"
import { initialize, openCheckpoint } from "../checkpoint/mod.ts"
import { JudgeError, localPreference, ModelFailed as PreferenceFailed, Preference } from "../judge/mod.ts"
import { OnnxRuntime } from "../runtime/mod.ts"
import { localPolicy, ModelFailed as PolicyFailed, Policy, SamplerError } from "../sampler/mod.ts"
import {
  encodeSaid,
  localReward,
  logProbabilities,
  ModelFailed as RewardFailed,
  Reward,
  type Said,
  ScorerError
} from "../scorer/mod.ts"
import { train } from "../training/mod.ts"
import { defaultBudget } from "./defaultBudget.ts"
import { StepFailed } from "./errors.ts"
import { requestOf } from "./requestOf.ts"
import { Trainers } from "./Trainers.ts"

type Models = OnnxRuntime | FileSystem.FileSystem | Path.Path

const failed = Effect.mapError((cause: unknown) => new StepFailed({ cause }))

/** A policy whose model is opened when it is first asked, and closed with the layer. */
const lazyPolicy = (folder: string, options: Parameters<typeof localPolicy>[1]) =>
  Layer.effect(
    Policy,
    Effect.gen(function* () {
      const open = yield* Effect.cached(Layer.build(localPolicy(folder, options)))
      const context = yield* Effect.context<Models | Scope.Scope>()
      const sample: Policy["Service"]["sample"] = (request) =>
        open.pipe(
          Effect.mapError((cause) => new SamplerError({ reason: new PolicyFailed({ model: folder, cause }) })),
          Effect.flatMap((opened) => Context.get(opened, Policy).sample(request)),
          Effect.provideContext(context)
        )
      return Policy.of({ sample })
    })
  )

/** A reward whose model is opened when it is first asked, and closed with the layer. */
const lazyReward = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const open = yield* Effect.cached(Layer.build(localReward(folder, options)))
      const context = yield* Effect.context<Models | Scope.Scope>()
      const score: Reward["Service"]["score"] = (rows) =>
        open.pipe(
          Effect.mapError((cause) => new ScorerError({ reason: new RewardFailed({ model: folder, cause }) })),
          Effect.flatMap((opened) => Context.get(opened, Reward).score(rows)),
          Effect.provideContext(context)
        )
      return Reward.of({ score })
    })
  )

/** A preference model that is opened when it is first asked, and closed with the layer. */
const lazyPreference = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const open = yield* Effect.cached(Layer.build(localPreference(folder, options)))
      const context = yield* Effect.context<Models | Scope.Scope>()
      const prefer: Preference["Service"]["prefer"] = (rows) =>
        open.pipe(
          Effect.mapError((cause) => new JudgeError({ reason: new PreferenceFailed({ model: folder, cause }) })),
          Effect.flatMap((opened) => Context.get(opened, Preference).prefer(rows)),
          Effect.provideContext(context)
        )
      return Preference.of({ prefer })
    })
  )

/** Sequences scored together when the log-probabilities of responses are asked for (sequences). */
const sequencesTogether = 16

const sumLogProbabilities = Effect.fnUntraced(function* (options: {
  readonly model: string
  readonly rows: ReadonlyArray<Said>
}) {
  const checkpoint = yield* openCheckpoint(options.model, "causal")
  const maxTokens = checkpoint.config.max_position_embeddings
  const sequences = yield* Effect.forEach(options.rows, (said) =>
    Effect.fromResult(encodeSaid(checkpoint.tokenizer, said, { maxTokens }))
  )
  return yield* logProbabilities(checkpoint, sequences, { batchSize: sequencesTogether })
})

/**
 * Models on ONNX Runtime.
 *
 * Fails    StepFailed by its methods, SamplerError, ScorerError and JudgeError by its layers.
 */
export const liveTrainers = Layer.effect(
  Trainers,
  Effect.gen(function* () {
    const context = yield* Effect.context<Models>()
    const here = Layer.succeedContext(context)
    const { version } = Context.get(context, OnnxRuntime)
    return Trainers.of({
      versions: { onnxruntime: version },
      initialize: (options) => initialize(options).pipe(failed, Effect.asVoid, Effect.provideContext(context)),
      train: Effect.fnUntraced(
        function* ({ onBudget, settings, ...phase }) {
          const memoryBudget = settings.memoryBudget ?? (yield* defaultBudget)
          if (settings.memoryBudget === undefined) yield* onBudget(memoryBudget)
          return yield* train({ ...requestOf({ ...phase, settings }), memoryBudget })
        },
        failed,
        Effect.provideContext(context)
      ),
      logProbabilities: (options) => sumLogProbabilities(options).pipe(failed, Effect.provideContext(context)),
      policy: (folder, options) => Layer.provide(lazyPolicy(folder, options), here),
      reward: (folder, options) => Layer.provide(lazyReward(folder, options), here),
      preference: (folder, options) => Layer.provide(lazyPreference(folder, options), here)
    })
  })
)
