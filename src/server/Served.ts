import { Effect } from "effect"
import type { Preference } from "../judge/mod.ts"
import type { Rollout } from "../sampler/mod.ts"
import type { Reward } from "../scorer/mod.ts"
import { Refused } from "./errors.ts"

/** A model under the name that requests give it. */
export interface Model<A> {
  readonly id: string
  readonly service: A
}

/** What a server answers with; at least one of them. */
export interface Served {
  readonly policy?: Model<Rollout["Service"]> | undefined
  readonly reward?: Model<Reward["Service"]> | undefined
  readonly preference?: Model<Preference["Service"]> | undefined
}

/** The names of what is served, each once. */
export const idsOf = ({ policy, preference, reward }: Served): ReadonlyArray<string> => [
  ...new Set([policy, reward, preference].flatMap((model) => model?.id ?? []))
]

/**
 * The model of a kind under the name that a request gives, if it gives one.
 *
 * Fails    Refused (404): model_not_found.
 */
export const modelOf = <A>(
  model: Model<A> | undefined,
  asked: { readonly kind: keyof Served; readonly name: string | undefined }
): Effect.Effect<Model<A>, Refused> => {
  if (model !== undefined && (asked.name ?? model.id) === model.id) return Effect.succeed(model)
  const wanted = model === undefined ? `none is served here` : `wanted "${model.id}"`
  const found = asked.name === undefined ? "found no name" : `found "${asked.name}"`
  const message = `Cannot find the ${asked.kind} model: ${found}, ${wanted}`
  return Effect.fail(new Refused({ status: 404, message, param: "model", code: "model_not_found" }))
}
