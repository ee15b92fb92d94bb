import { Effect, Layer } from "effect"
import { llmJudge, Preference, remotePreference } from "../../judge/mod.ts"
import { httpClient } from "../../remote/mod.ts"
import { openAiPolicy } from "../../sampler/mod.ts"
import type { PipelineFile } from "../file/PipelineFile.ts"
import { hashFolder, hashValue } from "../store/hash.ts"
import { Trainers } from "../Trainers.ts"
import { drawSettings } from "./drawSettings.ts"
import { personOracle } from "./personOracle.ts"
import type { RewardVersion } from "./rewardOf.ts"

/** The preference oracle of a run: the layer that answers, and the hash of what made it. */
export interface PreferenceVersion {
  readonly hash: string
  readonly layer: Layer.Layer<Preference>
}

type Written = Exclude<PipelineFile["models"]["preference"], string>
type Llm = NonNullable<Written["llm"]>

const llmOf = Effect.fnUntraced(function* ({ of, ...settings }: Llm, file: PipelineFile) {
  const trainers = yield* Trainers
  const judge = llmJudge(settings)
  if (typeof of !== "string") {
    const policy = Layer.provide(openAiPolicy(of.openAi), httpClient)
    return { hash: hashValue({ llm: settings, of: drawSettings(of.openAi) }), layer: Layer.provide(judge, policy) }
  }
  const policy = trainers.policy(of, { batchSize: file.batchSizes.sample })
  return { hash: hashValue({ llm: settings, of: yield* hashFolder(of) }), layer: Layer.provide(judge, policy) }
})

/**
 * The preference oracle of a run: a pairwise model, rewards compared, a language model that judges, a server, or persons, whose
 * page lasts as long as the scope.
 */
export const preparePreference = Effect.fn("preparePreference")(function* (file: PipelineFile, reward: RewardVersion) {
  const { preference } = file.models
  const trainers = yield* Trainers
  if (typeof preference === "string") {
    const layer = trainers.preference(preference, { batchSize: file.batchSizes.score })
    return { hash: yield* hashFolder(preference), layer } satisfies PreferenceVersion
  }
  if (preference.llm) return yield* llmOf(preference.llm, file)
  if (preference.person) return (yield* personOracle(preference.person, file.seed)) satisfies PreferenceVersion
  if (preference.remote) {
    const { model, url } = preference.remote
    const layer = Layer.provide(remotePreference(preference.remote), httpClient)
    return { hash: hashValue({ remote: { model, url } }), layer } satisfies PreferenceVersion
  }
  const layer = Layer.provide(Preference.bradleyTerry, reward.layer)
  return { hash: hashValue({ bradleyTerry: reward.hash }), layer } satisfies PreferenceVersion
})
