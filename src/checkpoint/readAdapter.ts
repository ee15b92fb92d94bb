import { Effect, FileSystem, Path, Schema } from "effect"
import type { Lora } from "../model/mod.ts"
import { readSafetensors } from "../runtime/mod.ts"
import type { Kind } from "./Checkpoint.ts"
import { AdapterInvalid, AdapterUnsupported, CheckpointError, NotReadable } from "./errors.ts"

/** The file by which a folder is known as an adapter. */
export const adapterConfigFile = "adapter_config.json"

const optional = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))
const Patterns = optional(Schema.Record(Schema.String, Schema.Unknown))

const AdapterConfig = Schema.fromJsonString(
  Schema.StructWithRest(
    Schema.Struct({
      peft_type: Schema.String,
      task_type: optional(Schema.String),
      base_model_name_or_path: optional(Schema.String),
      r: Schema.Int.check(Schema.isGreaterThan(0)),
      lora_alpha: Schema.Finite,
      use_rslora: optional(Schema.Boolean),
      use_dora: optional(Schema.Boolean),
      bias: optional(Schema.String),
      fan_in_fan_out: optional(Schema.Boolean),
      rank_pattern: Patterns,
      alpha_pattern: Patterns
    }),
    [Schema.Record(Schema.String, Schema.Unknown)]
  )
)

const refuse = (key: string, found: unknown, wanted: string) =>
  new AdapterUnsupported({ key, found: JSON.stringify(found), wanted })

const isEmpty = (pattern: object | null | undefined) => Object.keys(pattern ?? {}).length === 0

/** The first key whose value would be merged wrongly. */
const refusal = (config: typeof AdapterConfig.Type): AdapterUnsupported | undefined => {
  const { alpha_pattern, bias = "none", fan_in_fan_out, peft_type, rank_pattern, use_dora } = config
  if (peft_type !== "LORA") return refuse("peft_type", peft_type, '"LORA"')
  if (use_dora === true) return refuse("use_dora", use_dora, "false")
  if (fan_in_fan_out === true) return refuse("fan_in_fan_out", fan_in_fan_out, "false")
  if ((bias ?? "none") !== "none") return refuse("bias", bias, '"none"')
  if (!isEmpty(rank_pattern)) return refuse("rank_pattern", rank_pattern, "one rank for all layers")
  if (!isEmpty(alpha_pattern)) return refuse("alpha_pattern", alpha_pattern, "one alpha for all layers")
  return undefined
}

const prefix = /^base_model\.model\./

/**
 * Reads a folder of a low-rank change, in PEFT's layout, without its weights. `base` is what its config names.
 *
 * Fails    CheckpointError: AdapterInvalid, AdapterUnsupported, NotReadable; RuntimeError.
 */
export const readAdapter = Effect.fn("readAdapter")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const fail = (reason: CheckpointError["reason"]) => new CheckpointError({ action: "open", folder, reason })
  const text = yield* fs
    .readFileString(path.join(folder, adapterConfigFile))
    .pipe(Effect.mapError((error) => fail(new NotReadable({ detail: error.message }))))
  const config = yield* Schema.decodeUnknownEffect(AdapterConfig)(text).pipe(
    Effect.mapError((error) => fail(new AdapterInvalid({ detail: error.message.replaceAll("\n", " ") })))
  )
  const refused = refusal(config)
  if (refused) return yield* fail(refused)
  const { entries } = yield* readSafetensors(path.join(folder, "adapter_model.safetensors"))
  const kind: Kind = config.task_type === "SEQ_CLS" ? "reward" : "causal"
  const { lora_alpha: alpha, r: rank, use_rslora } = config
  const lora: Lora = { rank, alpha, rankStabilized: use_rslora === true, targets: "all" }
  const named = new Map([...entries].map(([name, entry]) => [name.replace(prefix, ""), entry]))
  return { kind, lora, base: config.base_model_name_or_path ?? undefined, entries: named }
})
