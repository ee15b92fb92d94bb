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
import { openTokenizing } from "../tokenizing/mod.ts"
import { train } from "../training/mod.ts"
import { defaultBudget } from "./defaultBudget.ts"
import { StepFailed } from "./errors.ts"
import { requestOf } from "./requestOf.ts"
import { Trainers } from "./Trainers.ts"

type Models = OnnxRuntime | FileSystem.FileSystem | Path.Path

const failed = Effect.mapError((cause: unknown) => new StepFailed({ cause }))

/** A service whose model is opened when it is first asked, and closed with the scope. */
const opened = <Id, Service, E, Failure>(
  service: Context.Key<Id, Service>,
  layer: Layer.Layer<Id, E, Models>,
  fail: (cause: E) => Failure
) =>
  Effect.gen(function* () {
    const open = yield* Effect.cached(Layer.build(layer))
    const context = yield* Effect.context<Models | Scope.Scope>()
    return open.pipe(
      Effect.mapBoth({ onFailure: fail, onSuccess: (built) => Context.get(built, service) }),
      Effect.provideContext(context)
    )
  })

const lazyPolicy = (folder: string, options: Parameters<typeof localPolicy>[1]) =>
  Layer.effect(
    Policy,
    Effect.gen(function* () {
      const fail = (cause: unknown) => new SamplerError({ reason: new PolicyFailed({ model: folder, cause }) })
      const policy = yield* opened(Policy, localPolicy(folder, options), fail)
      return Policy.of({ sample: (request) => Effect.flatMap(policy, ({ sample }) => sample(request)) })
    })
  )

const lazyReward = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Reward,
    Effect.gen(function* () {
      const fail = (cause: unknown) => new ScorerError({ reason: new RewardFailed({ model: folder, cause }) })
      const reward = yield* opened(Reward, localReward(folder, options), fail)
      return Reward.of({ score: (rows) => Effect.flatMap(reward, ({ score }) => score(rows)) })
    })
  )

const lazyPreference = (folder: string, options: { readonly batchSize: number }) =>
  Layer.effect(
    Preference,
    Effect.gen(function* () {
      const fail = (cause: unknown) => new JudgeError({ reason: new PreferenceFailed({ model: folder, cause }) })
      const preference = yield* opened(Preference, localPreference(folder, options), fail)
      return Preference.of({ prefer: (rows) => Effect.flatMap(preference, ({ prefer }) => prefer(rows)) })
    })
  )

/** Sequences scored together when the log-probabilities of responses are asked for (sequences). */
const sequencesTogether = 16

const sumLogProbabilities = Effect.fnUntraced(function* (options: {
  readonly model: string
  readonly rows: ReadonlyArray<Said>
}) {
  const checkpoint = yield* openCheckpoint(options.model, "causal")
  const tokenizing = yield* openTokenizing(checkpoint.tokenizer)
  const maxTokens = checkpoint.config.max_position_embeddings
  const sequences = yield* Effect.forEach(options.rows, (said) => encodeSaid(tokenizing, said, { maxTokens }))
  return yield* logProbabilities(checkpoint, sequences, { batchSize: sequencesTogether })
}, Effect.scoped)

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
