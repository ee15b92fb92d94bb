import { Config, Console, Context, Effect, Layer, Option, Path, Redacted } from "effect"
import type { CacheFormatName, WeightFormatName } from "../../../schemas/mod.ts"
import type { Model } from "../../server/mod.ts"
import { BadInput } from "../BadInput.ts"
import type { EngineOptions } from "../Engine.ts"
import { printJson } from "../printJson.ts"
import { version } from "../version.ts"
import { badInput } from "./readExamples.ts"

export interface ServeModelsOptions extends EngineOptions {
  readonly model: string | undefined
  readonly reward: string | undefined
  readonly preference: string | undefined
  readonly generationPrompt: "add" | "omit"
  readonly host: string
  readonly port: number
  readonly apiKeyVariable: string
  readonly slots: number
  readonly weights: WeightFormatName
  readonly cache: CacheFormatName
  readonly cacheMemory: number
  readonly batchSize: number
  readonly maxNewTokens: number
  readonly seed: number
  readonly requests: number
  readonly queue: number
  readonly maxBody: number
  readonly timeout: number
  readonly grace: number
  readonly json: boolean
}

/** The service of a layer under the name of its folder. */
const modelOf = Effect.fnUntraced(function* <I, S, E extends Error, R>(
  folder: string | undefined,
  tag: Context.Key<I, S>,
  open: (folder: string) => Layer.Layer<I, E, R>
) {
  if (folder === undefined) return undefined
  const { basename, resolve } = yield* Path.Path
  const service = Context.get(yield* badInput(Layer.build(open(folder))), tag)
  const model: Model<S> = { id: basename(resolve(folder)), service }
  return model
})

/** Opens the models until the scope closes. Fails: BadInput. */
const openModels = Effect.fnUntraced(function* (options: ServeModelsOptions) {
  const { batchSize, cache, cacheMemory, generationPrompt, slots, weights } = options
  const decoding = { slots, cacheMemory, weights, cache }
  const { localRollout, Rollout } = yield* Effect.promise(() => import("../../sampler/mod.ts"))
  const { localReward, Reward } = yield* Effect.promise(() => import("../../scorer/mod.ts"))
  const { localPreference, Preference } = yield* Effect.promise(() => import("../../judge/mod.ts"))
  const policy = yield* modelOf(options.model, Rollout, (folder) => localRollout(folder, decoding))
  const reward = yield* modelOf(options.reward, Reward, (folder) => localReward(folder, { batchSize }))
  const own = yield* modelOf(options.preference, Preference, (folder) =>
    localPreference(folder, { batchSize, generationPrompt })
  )
  if (own !== undefined || reward === undefined) return { policy, reward, preference: own }
  const oracle = Layer.provide(Preference.bradleyTerry, Layer.succeed(Reward, reward.service))
  const service = Context.get(yield* Layer.build(oracle), Preference)
  return { policy, reward, preference: { id: reward.id, service } }
})

/** The API key, if its variable has one. */
const readKey = Effect.fnUntraced(function* (variable: string) {
  const found = yield* Effect.option(Config.Redacted(variable))
  return Option.getOrUndefined(Option.filter(found, (key) => Redacted.value(key) !== ""))
})

/**
 * Serves models until it is interrupted; answers that run then may still end within the grace time.
 *
 * Fails    BadInput; RuntimeError when the device does not start.
 */
export const serveModels = Effect.fn("serveModels")(function* (options: ServeModelsOptions) {
  const { device, maxBody, model, preference, reward, threads } = options
  if (model === undefined && reward === undefined && preference === undefined) {
    const message = "Cannot serve: found no model, wanted --model, --reward or --preference"
    return yield* new BadInput({ message })
  }
  const { requireKey, serve } = yield* Effect.promise(() => import("../../server/mod.ts"))
  const { OnnxRuntime } = yield* Effect.promise(() => import("../../runtime/mod.ts"))
  const key = yield* readKey(options.apiKeyVariable)
  const limits = { ...options, key, keyVariable: options.apiKeyVariable, largestBody: maxBody }
  yield* badInput(requireKey(limits))
  const run = Effect.gen(function* () {
    const served = yield* openModels(options)
    const url = yield* badInput(serve(served, { ...limits, fingerprint: `prefloop-${version}` }))
    yield* options.json
      ? printJson({ event: "serving", url })
      : Console.error(`Serving on ${url} (${url}/docs lists what it answers); Ctrl-C stops`)
    yield* Effect.never.pipe(
      Effect.onInterrupt(() => Console.error(`Stopping: running answers may end within ${options.grace} seconds`))
    )
  }).pipe(Effect.scoped)
  yield* Effect.provide(run, OnnxRuntime.layer({ device, threads }))
})
