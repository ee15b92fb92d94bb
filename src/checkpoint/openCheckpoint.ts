import { Effect, FileSystem, Path } from "effect"
import { systemFault } from "../arrow/mod.ts"
import { languageHeadParameters, type ModelConfig, models, readConfig, rewardHeadParameters } from "../model/mod.ts"
import { makeTokenizer } from "../text/mod.ts"
import type { Checkpoint, Kind } from "./Checkpoint.ts"
import { CheckpointError, FileMissing, KindDiffers, NotReadable } from "./errors.ts"
import { findWeights } from "./findWeights.ts"
import { parseConfigFile } from "./parseConfigFile.ts"

const tokenizerFiles = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "generation_config.json",
  "chat_template.jinja"
] as const

const kindOf = (configFile: Readonly<Record<string, unknown>>): Kind => {
  const architectures = configFile["architectures"]
  const first: unknown = Array.isArray(architectures) ? architectures[0] : undefined
  return typeof first === "string" && first.endsWith("ForSequenceClassification") ? "reward" : "causal"
}

/** Every weight of a model of this kind. */
export const parametersOf = (config: ModelConfig, kind: Kind) => {
  const family = models[config.model_type as keyof typeof models] // as: readConfig has checked the name against the table
  const head = kind === "causal" ? languageHeadParameters(config) : rewardHeadParameters(config)
  return { family, parameters: [...family.parameters(config), ...head] }
}

/** The tokenizer's files that a folder holds, by name. */
export const readTokenizerFiles = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const read = (file: string) =>
    Effect.map(Effect.option(fs.readFileString(path.join(folder, file))), (text) =>
      text._tag === "Some" ? [[file, text.value] as const] : []
    )
  return Object.fromEntries((yield* Effect.forEach(tokenizerFiles, read)).flat())
})

/** `config.json` of a model folder as text, and the tokenizer's files. Fails: CheckpointError: FileMissing, NotReadable. */
export const readFolder = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const fail = (reason: CheckpointError["reason"]) => new CheckpointError({ action: "open", folder, reason })
  const read = (file: string) =>
    fs
      .readFileString(path.join(folder, file))
      .pipe(
        Effect.mapError((error) =>
          fail(
            error.reason._tag === "NotFound"
              ? new FileMissing({ file })
              : new NotReadable({ detail: `${systemFault(error)}, wanted a Hugging Face model folder` })
          )
        )
      )
  const configText = yield* read("config.json")
  yield* read("tokenizer.json")
  return { configText, files: yield* readTokenizerFiles(folder) }
})

/**
 * Reads a model folder without its weights: config and tokenizer.
 *
 * Fails    CheckpointError, ModelError, TextError.
 */
export const openShape = Effect.fn("openShape")(function* (folder: string) {
  const path = yield* Path.Path
  const { configText, files } = yield* readFolder(folder)
  const config = yield* Effect.fromResult(
    readConfig({ path: path.join(folder, "config.json"), text: configText, known: Object.keys(models) })
  )
  const configFile = parseConfigFile(configText)
  const tokenizer = yield* Effect.fromResult(
    makeTokenizer({ ...files, "tokenizer.json": files["tokenizer.json"] ?? "", "config.json": configText })
  )
  return { folder, config, configFile, tokenizer, files }
})

/**
 * Opens a Hugging Face model folder: every weight that the model needs is there, with the shape that `config.json` says.
 *
 * Fails    CheckpointError, ModelError, TextError, RuntimeError.
 */
export const openCheckpoint = Effect.fn("openCheckpoint")(function* (folder: string, wanted?: Kind) {
  const { config, configFile, tokenizer } = yield* openShape(folder)
  const kind = kindOf(configFile)
  const fail = (reason: CheckpointError["reason"]) => new CheckpointError({ action: "open", folder, reason })
  if (wanted && kind !== wanted) return yield* fail(new KindDiffers({ found: kind, wanted }))
  const { family, parameters } = parametersOf(config, kind)
  const weights = yield* findWeights(folder, parameters)
  return { folder, kind, family, config, configFile, tokenizer, parameters, weights } satisfies Checkpoint
})
