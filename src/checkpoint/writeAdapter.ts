import { Effect } from "effect"
import type { Lora } from "../model/mod.ts"
import type { Kind } from "./Checkpoint.ts"
import { json, type NamedWeights, writeFolder } from "./writeFolder.ts"

const taskTypes = { causal: "CAUSAL_LM", reward: "SEQ_CLS" } as const

const adapted = /\.([^.]+)\.lora_A\.weight$/

/** `adapter_config.json` as PEFT reads it. */
const configFor = (
  options: { readonly lora: Lora; readonly base: string; readonly kind: Kind },
  names: Iterable<string>
) => ({
  peft_type: "LORA",
  task_type: taskTypes[options.kind],
  base_model_name_or_path: options.base,
  r: options.lora.rank,
  lora_alpha: options.lora.alpha,
  lora_dropout: 0,
  use_rslora: options.lora.rankStabilized,
  target_modules: [...new Set([...names].flatMap((name) => adapted.exec(name)?.[1] ?? []))].toSorted(),
  modules_to_save: options.kind === "reward" ? ["score"] : null,
  bias: "none",
  fan_in_fan_out: false,
  inference_mode: true
})

/**
 * Writes a low-rank change in PEFT's layout: `adapter_config.json` and `adapter_model.safetensors`.
 *
 * Fails    CheckpointError: NotWritten; RuntimeError.
 */
export const writeAdapter = Effect.fn("writeAdapter")(function* (options: {
  readonly into: string
  readonly kind: Kind
  readonly files: Readonly<Record<string, string>>
  readonly lora: Lora
  /** The model that the change belongs to. */
  readonly base: string
  readonly weights: NamedWeights
}) {
  const { into, files, weights } = options
  return yield* writeFolder({
    into,
    files: { ...files, "adapter_config.json": json(configFor(options, weights.keys())) },
    weightsFile: "adapter_model.safetensors",
    weights: new Map([...weights].map(([name, weight]) => [`base_model.model.${name}`, weight])),
    type: "F32"
  })
})
