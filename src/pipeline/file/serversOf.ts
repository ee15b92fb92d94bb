import type { Endpoint } from "../../remote/mod.ts"
import type { KeyPath } from "./parseYaml.ts"
import type { PipelineFile } from "./PipelineFile.ts"

/** A server that a pipeline names: where in the file, what for, and how it is reached. */
export interface NamedServer {
  readonly key: KeyPath
  readonly what: "sampler" | "reward" | "preference"
  readonly model: string | undefined
  readonly endpoint: Endpoint
}

type Given = Endpoint & { readonly model?: string | undefined }

const named = (what: NamedServer["what"], key: KeyPath, given: Given | undefined): ReadonlyArray<NamedServer> =>
  given === undefined ? [] : [{ what, key, model: given.model, endpoint: given }]

/** Every server that a pipeline names. */
export const serversOf = ({ models, sampler }: PipelineFile): ReadonlyArray<NamedServer> => {
  const reward = typeof models.reward === "string" ? undefined : models.reward
  const oracle = typeof models.preference === "string" ? undefined : models.preference
  const judge = oracle?.llm === undefined || typeof oracle.llm.of === "string" ? undefined : oracle.llm.of.openAi
  return [
    ...named("sampler", ["sampler", "openAi"], sampler?.openAi),
    ...named("reward", ["models", "reward", "remote"], reward?.remote),
    ...(reward?.ensemble?.of ?? []).flatMap((member, i) =>
      named(
        "reward",
        ["models", "reward", "ensemble", "of", i, "remote"],
        typeof member === "string" ? undefined : member.remote
      )
    ),
    ...named("preference", ["models", "preference", "remote"], oracle?.remote),
    ...named("preference", ["models", "preference", "llm", "of", "openAi"], judge)
  ]
}
