import { Result, Schema } from "effect"
import { ConfigInvalid, FeatureUnsupported, ModelTypeUnknown } from "./errors.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const EncoderConfigFile = Schema.StructWithRest(
  Schema.Struct({
    model_type: Schema.String,
    vocab_size: Count,
    hidden_size: Count,
    intermediate_size: Count,
    num_hidden_layers: Count,
    num_attention_heads: Count,
    max_position_embeddings: Count,
    type_vocab_size: Count,
    layer_norm_eps: Schema.Finite.check(Schema.isGreaterThan(0)),
    hidden_act: Schema.optionalKey(Schema.String),
    position_embedding_type: Schema.optionalKey(Schema.NullOr(Schema.String))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/** An encoder's shape, in the spelling of `config.json`. */
export type EncoderConfig = typeof EncoderConfigFile.Type

/** Every `model_type` that can be an encoder. */
export const encoderTypes: ReadonlyArray<string> = ["bert"]

const Typed = Schema.fromJsonString(Schema.StructWithRest(Schema.Struct({ model_type: Schema.String }), []))

const file = "config.json"

const decode = <A>(schema: Schema.Codec<A, unknown>, text: string): Result.Result<A, ConfigInvalid> =>
  Result.mapError(
    Schema.decodeUnknownResult(schema)(text),
    (error) => new ConfigInvalid({ file, issues: error.message.replaceAll("\n", " ") })
  )

const refuse = (key: string, found: unknown, wanted: string) =>
  Result.fail(new FeatureUnsupported({ file, key, found: JSON.stringify(found), wanted }))

/**
 * The encoder that the text of a `config.json` describes.
 *
 * Fails    ConfigInvalid, ModelTypeUnknown, FeatureUnsupported.
 */
export const readEncoderConfig = (
  text: string
): Result.Result<EncoderConfig, ConfigInvalid | ModelTypeUnknown | FeatureUnsupported> =>
  Result.gen(function* () {
    const { model_type } = yield* decode(Typed, text)
    if (!encoderTypes.includes(model_type)) {
      return yield* Result.fail(new ModelTypeUnknown({ found: model_type, known: encoderTypes }))
    }
    const config = yield* decode(Schema.fromJsonString(EncoderConfigFile), text)
    const { hidden_act = "gelu", hidden_size, num_attention_heads: heads, position_embedding_type: places } = config
    if (hidden_act !== "gelu") return yield* refuse("hidden_act", hidden_act, '"gelu"')
    if ((places ?? "absolute") !== "absolute") return yield* refuse("position_embedding_type", places, '"absolute"')
    if (hidden_size % heads !== 0) return yield* refuse("num_attention_heads", heads, `a divisor of ${hidden_size}`)
    return config
  })
