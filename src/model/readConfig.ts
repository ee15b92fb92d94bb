import { Result, Schema, SchemaIssue } from "effect"
import { ConfigInvalid, ConfigNotJson, FeatureUnsupported, ModelError, ModelTypeUnknown } from "./errors.ts"
import { type Llama3Scaling, type ModelConfig, ModelConfigFile } from "./ModelConfig.ts"

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const parse = (text: string): Result.Result<unknown, ConfigNotJson> => {
  try {
    return Result.succeed(JSON.parse(text))
  } catch {
    return Result.fail(new ConfigNotJson({ found: text.trim() === "" ? "an empty file" : "text that is not JSON" }))
  }
}

const scaling = (file: ModelConfigFile): Result.Result<Llama3Scaling | undefined, FeatureUnsupported> => {
  const found = file.rope_parameters ?? file.rope_scaling
  const kind = found?.rope_type ?? found?.type ?? "default"
  if (!found || kind === "default") return Result.succeed(undefined)
  const { factor, low_freq_factor, high_freq_factor, original_max_position_embeddings } = found
  const complete = factor && low_freq_factor && high_freq_factor && original_max_position_embeddings
  return kind === "llama3" && complete
    ? Result.succeed({ factor, low_freq_factor, high_freq_factor, original_max_position_embeddings })
    : Result.fail(
        new FeatureUnsupported({
          key: file.rope_parameters ? "rope_parameters" : "rope_scaling",
          found: JSON.stringify(found),
          wanted: 'null, or {"rope_type":"llama3"} with its four numbers'
        })
      )
}

const refuse = (key: string, found: string, wanted: string) =>
  Result.fail(new FeatureUnsupported({ key, found, wanted }))

const complete = (file: ModelConfigFile): Result.Result<ModelConfig, FeatureUnsupported> => {
  const heads = file.num_attention_heads
  const kvHeads = file.num_key_value_heads ?? heads
  if ((file.hidden_act ?? "silu") !== "silu") return refuse("hidden_act", `"${file.hidden_act}"`, '"silu"')
  if (heads % kvHeads !== 0)
    return refuse("num_key_value_heads", String(kvHeads), `a divisor of ${heads} attention heads`)
  const headDim = file.head_dim ?? file.hidden_size / heads
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) return refuse("head_dim", String(headDim), "an even integer")
  return Result.map(scaling(file), (rope_scaling) => ({
    model_type: file.model_type,
    vocab_size: file.vocab_size,
    hidden_size: file.hidden_size,
    intermediate_size: file.intermediate_size,
    num_hidden_layers: file.num_hidden_layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    head_dim: headDim,
    max_position_embeddings: file.max_position_embeddings,
    rms_norm_eps: file.rms_norm_eps,
    rope_theta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10_000,
    rope_scaling,
    tie_word_embeddings: file.tie_word_embeddings ?? false,
    attention_bias: file.attention_bias ?? false,
    mlp_bias: file.mlp_bias ?? false,
    initializer_range: file.initializer_range ?? 0.02
  }))
}

const decode = (value: unknown): Result.Result<ModelConfigFile, ConfigInvalid> =>
  Result.mapError(
    Schema.decodeUnknownResult(ModelConfigFile)(value, { errors: "all", reportInput: true }),
    (error) =>
      new ConfigInvalid({
        issues: formatIssue(error.issue)
          .issues.map((issue) => `"${(issue.path ?? []).map(String).join(".")}": ${issue.message}`)
          .join("; ")
      })
  )

/**
 * The model that a `config.json` describes, with the defaults of transformers filled in.
 *
 * Fails    ModelError: ConfigNotJson, ConfigInvalid, ModelTypeUnknown (among `known`), FeatureUnsupported.
 */
export const readConfig = (options: {
  readonly path: string
  readonly text: string
  readonly known: ReadonlyArray<string>
}): Result.Result<ModelConfig, ModelError> =>
  Result.mapError(
    Result.gen(function* () {
      const value = yield* parse(options.text)
      const type = (value as { readonly model_type?: unknown } | null)?.model_type // as: any JSON may have been found
      if (typeof type === "string" && !options.known.includes(type)) {
        return yield* Result.fail(new ModelTypeUnknown({ found: type, known: options.known }))
      }
      return yield* complete(yield* decode(value))
    }),
    (reason) => new ModelError({ path: options.path, reason })
  )
