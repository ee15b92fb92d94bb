import { Effect } from "effect"
import { key } from "../../random/mod.ts"
import type { CheckedPipeline } from "../check/checkInputs.ts"
import { textsAt } from "../data/mod.ts"
import { carriers } from "../store/carriers.ts"
import { hashFolder } from "../store/hash.ts"
import { RunStore } from "../store/RunStore.ts"
import { Trainers } from "../Trainers.ts"
import { givenReward, remembering, rewardOfFolder } from "./rewardOf.ts"
import { trainVersion } from "./trainVersion.ts"
import type { Version } from "./Version.ts"

/** The seed of one training phase. */
export const phaseSeed = (seed: number, phase: string): number => key(seed, "train", phase)[0]

const start = Effect.fnUntraced(function* (seed: number, folder: string) {
  const store = yield* RunStore
  const trainers = yield* Trainers
  const { hash, path } = yield* store.artefact({
    name: "models/random",
    carrier: carriers.folder,
    lineage: { settings: { initialize: true, seed }, inputs: { "model folder": yield* hashFolder(folder) } },
    make: (temporary) => trainers.initialize({ from: folder, into: temporary, seed })
  })
  return { folder: path, hash }
})

/** π₀, where the loop starts: the folder that is named, or made here by supervised fine-tuning. */
export const preparePolicy = Effect.fn("preparePolicy")(function* ({ demonstrations, file, sources }: CheckedPipeline) {
  const { policy } = file.models
  if (typeof policy === "string") {
    return { name: "SFT (π₀)", folder: policy, hash: yield* hashFolder(policy), seconds: 0 } satisfies Version
  }
  const { data: _, from, ...settings } = policy.sft
  return yield* trainVersion({
    name: "SFT (π₀)",
    into: "models/sft",
    objective: { sft: {} },
    from:
      typeof from === "string" ? { folder: from, hash: yield* hashFolder(from) } : yield* start(file.seed, from.random),
    examples: demonstrations,
    examplesHash: demonstrations.hash,
    sources: textsAt(sources, "models.policy.sft.data"),
    settings,
    seed: phaseSeed(file.seed, "sft")
  })
})

/** The reward of a run: one that is there, or a Bradley-Terry model trained here. */
export const prepareReward = Effect.fn("prepareReward")(function* (pipeline: CheckedPipeline, policy: Version) {
  const { file, preferences } = pipeline
  const { reward, rewardCache } = file.models
  if (typeof reward === "string" || reward.bradleyTerry === undefined) {
    return remembering(yield* givenReward(reward, file), rewardCache)
  }
  const { data: _, from, margin, centering, ...settings } = reward.bradleyTerry
  const { folder, hash } = yield* trainVersion({
    name: "reward",
    into: "models/reward",
    objective: { bradleyTerry: { margin, centering } },
    from: from === "policy" ? policy : { folder: from, hash: yield* hashFolder(from) },
    examples: preferences,
    examplesHash: preferences.hash,
    sources: textsAt(pipeline.sources, "models.reward.bradleyTerry.data"),
    settings,
    seed: phaseSeed(file.seed, "reward")
  })
  return remembering(yield* rewardOfFolder(folder, hash, file), rewardCache)
})
