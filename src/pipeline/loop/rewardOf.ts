import { Effect, Layer } from "effect"
import { httpClient } from "../../remote/mod.ts"
import { cachedReward, ensembleReward, remoteReward, Reward } from "../../scorer/mod.ts"
import { rules } from "../../scorer/rule/mod.ts"
import type { PipelineFile } from "../file/PipelineFile.ts"
import { hashFolder, hashValue } from "../store/hash.ts"
import { Trainers } from "../Trainers.ts"

/** The reward r(x, a) of a run: the layer that answers, and the hash of what made it. */
export interface RewardVersion {
  readonly hash: string
  readonly layer: Layer.Layer<Reward>
}

type Written = PipelineFile["models"]["reward"]
/** A reward that is there before the run: what it is trained on is not asked for. */
export type GivenReward = Exclude<Written, { readonly bradleyTerry: unknown }>
type Member = Extract<Written, { readonly ensemble: unknown }>["ensemble"]["of"][number]

/** The reward of a folder, with the hash of what made it. */
export const rewardOfFolder = Effect.fnUntraced(function* (folder: string, hash: string, file: PipelineFile) {
  const trainers = yield* Trainers
  const version: RewardVersion = { hash, layer: trainers.reward(folder, { batchSize: file.batchSizes.score }) }
  return version
})

const memberOf = Effect.fnUntraced(function* (member: Member, file: PipelineFile) {
  if (typeof member === "string") return yield* rewardOfFolder(member, yield* hashFolder(member), file)
  const { remote, rule } = member
  if (rule !== undefined) return { hash: hashValue({ rule }), layer: Reward.layerOf(rules[rule]) }
  const { model, url } = remote
  return { hash: hashValue({ remote: { model, url } }), layer: Layer.provide(remoteReward(remote), httpClient) }
})

/** A reward that is there before the run: a folder, a rule, a server, or several of them as one. */
export const givenReward = Effect.fnUntraced(function* (reward: GivenReward, file: PipelineFile) {
  if (typeof reward === "string" || reward.ensemble === undefined) return yield* memberOf(reward, file)
  const { combine, of } = reward.ensemble
  const members: ReadonlyArray<RewardVersion> = yield* Effect.forEach(of, (member) => memberOf(member, file))
  const layers = members.map(({ layer }) => layer)
  return { hash: hashValue({ combine, of: members.map(({ hash }) => hash) }), layer: ensembleReward(layers, combine) }
})

/** The same reward, which remembers what it was asked, if the pipeline wants it to. */
export const remembering = (version: RewardVersion, capacity: number | undefined): RewardVersion =>
  capacity === undefined ? version : { ...version, layer: Layer.provide(cachedReward({ capacity }), version.layer) }
