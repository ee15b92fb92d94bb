import { Effect, FileSystem, Path } from "effect"
import { type Kind, openCheckpoint, openShape } from "../../checkpoint/mod.ts"
import type { Issue } from "../errors.ts"
import type { CompiledPipeline } from "../file/compile.ts"
import { dotted, type KeyPath } from "../file/parseYaml.ts"

/** A model folder that a pipeline names, whether its weights are read, and of which kind it has to be. */
interface NamedModel {
  readonly key: KeyPath
  readonly folder: string
  readonly weights: boolean
  readonly kind?: Kind
}

type Models = CompiledPipeline["file"]["models"]

const ensembleFolders = (reward: Models["reward"]): ReadonlyArray<NamedModel> =>
  (typeof reward === "string" ? [] : (reward.ensemble?.of ?? [])).flatMap((folder, i) => {
    const key = ["models", "reward", "ensemble", "of", i]
    return typeof folder === "string" ? [{ key, folder, weights: true, kind: "reward" as const }] : []
  })

const oracleFolders = (oracle: Models["preference"]): ReadonlyArray<NamedModel> => {
  const [key, folder] =
    typeof oracle === "string"
      ? [["models", "preference"], oracle]
      : [["models", "preference", "llm", "of"], oracle.llm?.of]
  return typeof folder === "string" ? [{ key, folder, weights: true, kind: "causal" }] : []
}

/** Every model folder that a pipeline names; the first is the policy's. */
export const namedModels = ({ file: { models } }: CompiledPipeline): ReadonlyArray<NamedModel> => {
  const { policy, reward } = models
  const named: Array<NamedModel> = []
  if (typeof policy === "string")
    named.push({ key: ["models", "policy"], folder: policy, weights: true, kind: "causal" })
  else {
    const { from } = policy.sft
    const key = ["models", "policy", "sft", "from"]
    if (typeof from === "string") named.push({ key, folder: from, weights: true, kind: "causal" })
    else named.push({ key: [...key, "random"], folder: from.random, weights: false })
  }
  if (typeof reward === "string")
    named.push({ key: ["models", "reward"], folder: reward, weights: true, kind: "reward" })
  else if (reward.bradleyTerry && reward.bradleyTerry.from !== "policy") {
    named.push({ key: ["models", "reward", "bradleyTerry", "from"], folder: reward.bradleyTerry.from, weights: true })
  }
  named.push(...ensembleFolders(models.reward), ...oracleFolders(models.preference))
  return named
}

const weightFiles = ["model.safetensors", "model.safetensors.index.json"]

/** A model folder without its weights. Fails: with a sentence on what is not in order. */
export const checkModel = Effect.fnUntraced(function* ({ folder, kind, weights }: Omit<NamedModel, "key">) {
  const files = yield* FileSystem.FileSystem
  const { join } = yield* Path.Path
  const exists = (path: string) => Effect.orElseSucceed(files.exists(path), () => false)
  if (!(yield* exists(folder)))
    return yield* Effect.fail(`found no folder "${folder}", wanted a Hugging Face model folder`)
  const shape = yield* Effect.mapError(openShape(folder), (error) => error.message)
  if (shape.tokenizer.chatTemplate === undefined) {
    return yield* Effect.fail(
      `found no chat template in "${folder}", wanted "chat_template" in tokenizer_config.json or a file chat_template.jinja`
    )
  }
  const found = yield* Effect.filter(weightFiles, (name) => exists(join(folder, name)))
  if (weights && found.length === 0) {
    return yield* Effect.fail(
      `found no weights in "${folder}", wanted ${weightFiles.map((name) => `"${name}"`).join(" or ")}`
    )
  }
  // the headers of the weight files are read, not the weights
  if (weights) yield* Effect.mapError(openCheckpoint(folder, kind), (error) => error.message)
  return shape
})

/** Opens every model folder without loading its weights: the shapes of those that are in order, and what is wrong with the others. */
export const checkModels = Effect.fn("checkModels")(function* (pipeline: CompiledPipeline) {
  const results = yield* Effect.forEach(namedModels(pipeline), (named) =>
    Effect.match(checkModel(named), {
      onSuccess: (shape) => ({ shape, issue: undefined }),
      onFailure: (detail) => ({
        shape: undefined,
        issue: { at: pipeline.at(named.key), key: dotted(named.key), detail } satisfies Issue
      })
    })
  )
  return {
    policy: results[0]?.shape,
    issues: results.flatMap(({ issue }) => (issue ? [issue] : []))
  }
})
