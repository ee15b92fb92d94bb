import { parametersOf } from "../../checkpoint/mod.ts"
import { loraTargets, type ModelConfig } from "../../model/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { unknownName } from "../file/nearest.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"

/** The targets of an adapter that the model has no layer for, each with the names that there are. */
export const checkTargets = (
  written: { readonly at: (path: KeyPath) => string },
  options: {
    readonly config: ModelConfig
    readonly targets: ReadonlyArray<string> | "all" | undefined
    readonly key: KeyPath
  }
): ReadonlyArray<Issue> => {
  const { config, key, targets = "all" } = options
  if (targets === "all") return []
  const known = loraTargets(parametersOf(config, "causal").parameters)
  return targets.flatMap((target, i) =>
    known.includes(target)
      ? []
      : [
          {
            at: written.at([...key, i]),
            key: dotted([...key, i]),
            detail: `the model has no layer "${target}", ${unknownName(target, known)}`
          }
        ]
  )
}

/** The unknown targets of every adapter of a pipeline: its phases train one family of models, that of the policy. */
export const checkAdapters = (pipeline: CompiledPipeline, config: ModelConfig): ReadonlyArray<Issue> => {
  const { models, train } = pipeline.file
  const sft = typeof models.policy === "string" ? undefined : models.policy.sft.lora
  const bradleyTerry = typeof models.reward === "string" ? undefined : models.reward.bradleyTerry
  const reward = bradleyTerry?.from === "policy" ? bradleyTerry.lora : undefined
  return [
    [sft, ["models", "policy", "sft"]] as const,
    [reward, ["models", "reward", "bradleyTerry"]] as const,
    [train.lora, ["train"]] as const
  ].flatMap(([lora, phase]) =>
    checkTargets(pipeline, { config, targets: lora?.targets, key: [...phase, "lora", "targets"] })
  )
}
