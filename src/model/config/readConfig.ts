import { Result, Schema, SchemaIssue } from "effect"
import { type ConfigRules, configRules } from "./configRules.ts"
import {
  ConfigInvalid,
  ConfigNotJson,
  type FeatureUnsupported,
  ModelError,
  ModelTypeUnknown,
  unsupported
} from "../errors.ts"
import { type ModelConfig, ModelConfigFile, type Softcapping } from "../ModelConfig.ts"
import { readRope } from "./readRope.ts"
import { readSliding } from "./readSliding.ts"

const formatIssue = SchemaIssue.makeFormatterStandardSchemaV1()

const parse = (text: string): Result.Result<unknown, ConfigNotJson> => {
  try {
    return Result.succeed(JSON.parse(text))
  } catch {
    return Result.fail(new ConfigNotJson({ found: text.trim() === "" ? "an empty file" : "text that is not JSON" }))
  }
}

/** The bounds of scores and logits, with the defaults of the family; null switches one off. */
const readSoftcapping = (file: ModelConfigFile, rules: ConfigRules): Softcapping | undefined => {
  const usual = rules.softcapping
  if (!usual) return undefined
  const { attn_logit_softcapping: attention = usual.attn_logit_softcapping } = file
  const { final_logit_softcapping: final = usual.final_logit_softcapping } = file
  return {
    query_pre_attn_scalar: file.query_pre_attn_scalar ?? usual.query_pre_attn_scalar,
    ...(attention === null ? {} : { attn_logit_softcapping: attention }),
    ...(final === null ? {} : { final_logit_softcapping: final })
  }
}

/** The first key whose value would be computed wrongly. */
const refusal = (file: ModelConfigFile, rules: ConfigRules): Result.Result<undefined, FeatureUnsupported> => {
  const { key, wanted } = rules.activation
  const { num_attention_heads: heads, num_key_value_heads: kvHeads = heads } = file
  const bias = (["attention_bias", "mlp_bias"] as const).find(
    (name) => file[name] === true && !rules.biases.includes(name)
  )
  if ((file[key] ?? wanted) !== wanted) return unsupported(key, file[key], `"${wanted}"`)
  if (bias) return unsupported(bias, true, `false for "${file.model_type}"`)
  if (file.use_bidirectional_attention === true) return unsupported("use_bidirectional_attention", true, "false")
  return heads % (kvHeads ?? heads) === 0
    ? Result.succeed(undefined)
    : unsupported("num_key_value_heads", kvHeads, `a divisor of ${heads} attention heads`)
}

const complete = (file: ModelConfigFile, rules: ConfigRules): Result.Result<ModelConfig, FeatureUnsupported> =>
  Result.gen(function* () {
    yield* refusal(file, rules)
    const heads = file.num_attention_heads
    const headDim = file.head_dim ?? rules.headDim ?? file.hidden_size / heads
    if (!Number.isInteger(headDim) || headDim % 2 !== 0)
      return yield* unsupported("head_dim", headDim, "an even integer")
    const rope = yield* readRope(file, { rope: rules.rope, headDim })
    const sliding = yield* readSliding(file, rules.sliding)
    const softcapping = readSoftcapping(file, rules)
    return {
      model_type: file.model_type,
      vocab_size: file.vocab_size,
      hidden_size: file.hidden_size,
      intermediate_size: file.intermediate_size,
      num_hidden_layers: file.num_hidden_layers,
      num_attention_heads: heads,
      num_key_value_heads: file.num_key_value_heads ?? heads,
      head_dim: headDim,
      max_position_embeddings: file.max_position_embeddings,
      rms_norm_eps: file.rms_norm_eps,
      ...rope,
      tie_word_embeddings: file.tie_word_embeddings ?? rules.tied,
      attention_bias: file.attention_bias ?? false,
      mlp_bias: file.mlp_bias ?? false,
      initializer_range: file.initializer_range ?? 0.02,
      ...(sliding ? { sliding } : {}),
      ...(softcapping ? { softcapping } : {})
    }
  })

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

const rulesOf = (type: string): ConfigRules | undefined =>
  new Map<string, ConfigRules>(Object.entries(configRules)).get(type)

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
      const file = yield* decode(value)
      const rules = rulesOf(file.model_type)
      return rules
        ? yield* complete(file, rules)
        : yield* Result.fail(new ModelTypeUnknown({ found: file.model_type, known: Object.keys(configRules) }))
    }),
    (reason) => new ModelError({ path: options.path, reason })
  )
