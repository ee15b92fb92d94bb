import { Effect } from "effect"
import { models } from "../model/mod.ts"
import type { FloatType } from "../runtime/mod.ts"
import type { Kind } from "./Checkpoint.ts"
import { json, type NamedWeights, writeFolder } from "./writeFolder.ts"

const architectureSuffix = { causal: "ForCausalLM", reward: "ForSequenceClassification" } as const
const dtypeNames = { F32: "float32", F16: "float16", BF16: "bfloat16" } as const

/** The beginning of the class name: as found, or as the family says. */
const architectureOf = (configFile: Readonly<Record<string, unknown>>): string => {
  const { architectures, model_type } = configFile
  const found: unknown = Array.isArray(architectures) ? architectures[0] : undefined
  if (typeof found === "string") return found.replace(/For(CausalLM|SequenceClassification)$/, "")
  return models[model_type as keyof typeof models].architecture // as: readConfig has checked the name against the table
}

/** `config.json` as transformers writes it for a model of this kind. */
export const configFor = (
  configFile: Readonly<Record<string, unknown>>,
  kind: Kind,
  type: FloatType
): Readonly<Record<string, unknown>> => {
  const { torch_dtype: _, ...kept } = configFile
  const head = kind === "reward" ? { num_labels: 1, id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } } : {}
  return {
    ...kept,
    architectures: [`${architectureOf(configFile)}${architectureSuffix[kind]}`],
    dtype: dtypeNames[type],
    ...head
  }
}

/**
 * Writes a model folder that transformers loads unchanged; the folder appears only when it is complete.
 *
 * Fails    CheckpointError: NotWritten; RuntimeError.
 */
export const writeCheckpoint = Effect.fn("writeCheckpoint")(function* (options: {
  readonly into: string
  readonly kind: Kind
  readonly configFile: Readonly<Record<string, unknown>>
  readonly files: Readonly<Record<string, string>>
  readonly weights: NamedWeights
  readonly type?: FloatType
}) {
  const type = options.type ?? "F32"
  return yield* writeFolder({
    into: options.into,
    files: { ...options.files, "config.json": json(configFor(options.configFile, options.kind, type)) },
    weightsFile: "model.safetensors",
    weights: options.weights,
    type
  })
})
